"""Calibration to a log: half of its users are fitted to, the other half judges."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.calibration.log.comparison import Comparison, compared
from sim.calibration.log.fit import LogFit, fit_log
from sim.calibration.log.log import Log
from sim.seeds import rng_for

__all__ = ["LogOutcome", "calibrated_to_log"]


@dataclass(frozen=True)
class LogOutcome:
    """The fit, the three logs and how they compare."""

    name: str
    fit: LogFit
    fitted_to: Log
    held_out: Log
    made: Log
    comparison: Comparison

    def as_json(self) -> dict[str, Any]:
        """The outcome as one object; what is not a number is null."""
        sizes = {"users": self.held_out.users + self.fitted_to.users, "items": self.fitted_to.items}
        found: dict[str, Any] = _plain(
            {
                "profile": self.name,
                **self.comparison.as_json(),
                **sizes,
                "rows": len(self.held_out) + len(self.fitted_to),
                "viewers": self.fit.playing.viewers,
                "simulations": self.fit.simulations,
                "parameters": {**self.fit.playing.timing, **self.fit.parameters},
            }
        )
        return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value


def calibrated_to_log(log: Log, *, name: str, seed: int, budget: int) -> LogOutcome:
    """Split by users, fit to one half, simulate with another seed, compare with the other half."""
    fitted_to, held_out = log.halves(rng=rng_for(seed, "halves"))
    fit = fit_log(fitted_to, name=name, seed=seed, budget=budget)
    made = fit.log(seed=seed + 1)
    return LogOutcome(name, fit, fitted_to, held_out, made, compared(fitted_to, held_out, made, seed=seed))
