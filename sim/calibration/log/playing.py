"""Playing: the log that a fitted scenario gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.calibration.chronicle import simulated
from sim.calibration.log.blueprint import blueprint
from sim.calibration.log.log import Log
from sim.calibration.log.observed import observed
from sim.calibration.log.sketch import Sketch
from sim.durations import DAY, MINUTE
from sim.scenario import Scenario

__all__ = ["Playing"]

# Within a tick everyone walks at once: the longer it is, the fewer steps there are. The stage orders at most 49 days.
_LONGEST_TICK = 45 * DAY


@dataclass(frozen=True)
class Playing:
    """A sketch, the timing that was found for it, and the number of viewers whose log is to be made."""

    sketch: Sketch
    timing: Mapping[str, float]
    viewers: int
    name: str
    seed: int

    def tree(self, parameters: Mapping[str, float], *, seed: int | None = None) -> dict[str, Any]:
        """The scenario with these further parameters."""
        return blueprint(
            self.sketch,
            {**self.timing, **parameters},
            viewers=self.viewers,
            name=self.name,
            seed=self.seed if seed is None else seed,
        )

    def log(self, parameters: Mapping[str, float], *, seed: int | None = None) -> Log:
        """What a log of the same span, kept by the same rules, would hold."""
        rules = self.sketch.rules
        kinds = ("skip", "abandon", "complete") if rules.source == "ended" else (rules.source,)
        # Whole minutes, as the stage counts in ticks of equal length.
        tick = min(_LONGEST_TICK, -(-self.sketch.span // MINUTE) * MINUTE)
        scenario = Scenario.model_validate(self.tree(parameters, seed=seed))
        chronicle = simulated(scenario, span=self.sketch.span, tick=tick, kinds=kinds)
        return observed(chronicle, rules)
