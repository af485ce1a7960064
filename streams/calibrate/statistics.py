"""Calibration to published statistics: checking a profile, and searching for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.fitting import fitted
from sim.calibration.target import TargetSet, Verdict, held
from sim.scenario import Scenario
from sim.scenario_file import load
from streams.calibrate.profile import value_at
from streams.exits import UsageError

__all__ = ["ENOUGH", "Outcome", "checked", "searched"]

ENOUGH = 0.9


@dataclass(frozen=True)
class Outcome:
    """The verdicts on a profile, and for a search what was changed and how many simulations it took."""

    profile: str
    verdicts: list[Verdict]
    changes: Mapping[str, Any]
    simulations: int = 1

    @property
    def passed(self) -> int:
        """Targets that hold."""
        return sum(verdict.passed for verdict in self.verdicts)

    @property
    def enough(self) -> bool:
        """True if nine targets of ten hold."""
        return held(self.verdicts) >= ENOUGH

    def as_json(self) -> dict[str, Any]:
        """The outcome as one object."""
        rows = [verdict.as_json() for verdict in self.verdicts]
        return {
            "profile": self.profile,
            "targets": rows,
            "passed": self.passed,
            "total": len(rows),
            "changes": dict(self.changes),
            "simulations": self.simulations,
        }


def checked(profile: str, targets: TargetSet) -> Outcome:
    """Simulate a profile at the size that its targets ask for, and judge it."""
    return Outcome(profile, _judged(load(profile, targets.check.changes), targets), {})


def _judged(scenario: Scenario, targets: TargetSet) -> list[Verdict]:
    try:
        return targets.judged(targets.chronicle(scenario))
    except (KeyError, ValueError) as error:
        raise UsageError(str(error.args[0])) from error


def searched(
    name: str, targets: TargetSet, base: str, vary: Mapping[str, tuple[float, float]], *, budget: int
) -> Outcome:
    """Search for values of some parameters of a base scenario under which the targets hold."""
    if not vary:
        raise UsageError("nothing may vary: give --vary PATH=LOW:HIGH, or 'vary' in the file of statistics")
    reduced = load(base, targets.check.changes)
    begin = {path: _begin(reduced, path) for path in vary}

    def scaled(parameters: Mapping[str, float]) -> dict[str, Any]:
        whole = {path: isinstance(begin[path], int) for path in parameters}
        return {
            path: round(value) if whole[path] else float(f"{value:.6g}") for path, value in parameters.items()
        }

    def distances(parameters: Mapping[str, float]) -> NDArray[np.float64]:
        scenario = load(base, {**targets.check.changes, **scaled(parameters)})
        return np.array([verdict.distance for verdict in _judged(scenario, targets)])

    found = fitted(distances, vary, begin=begin, budget=budget)
    changes = scaled(found.parameters)
    verdicts = _judged(load(base, {**targets.check.changes, **changes}), targets)
    return Outcome(name, verdicts, changes, found.simulations)


def _begin(scenario: Scenario, path: str) -> float:
    try:
        value = value_at(scenario, path)
    except KeyError:
        raise UsageError(
            f"vary {path}: the scenario has no such value; see greenroom scenario show"
        ) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"vary {path}: {value!r} is not a number")
    return value
