"""Fit: from a log to the scenario that gives one like it."""

from dataclasses import dataclass
from typing import Any

from sim.calibration.log.choosing import choosing_of
from sim.calibration.log.log import Log
from sim.calibration.log.playing import Playing
from sim.calibration.log.sketch import Sketch
from sim.calibration.log.timing import timing_of

__all__ = ["LogFit", "fit_log"]

_MOST_VIEWERS = 400_000
_FEWEST_ITEMS = 10
# Visits alone cost a hundredth of a whole simulation.
_VISITS_EACH = 40


@dataclass(frozen=True)
class LogFit:
    """The scenario found: its tree, its parameters, and the simulations that it took."""

    playing: Playing
    parameters: dict[str, float]
    simulations: int

    @property
    def tree(self) -> dict[str, Any]:
        """The scenario, as a YAML file holds it."""
        return self.playing.tree(self.parameters)

    def log(self, *, seed: int) -> Log:
        """A log of the fitted scenario, of as many users as it was fitted to."""
        return self.playing.log(self.parameters, seed=seed)


def fit_log(log: Log, *, name: str = "fitted", seed: int = 1, budget: int = 24) -> LogFit:
    """Fit when viewers come by their visits alone, then what they choose by ``budget`` whole simulations."""
    sketch = Sketch.of(log)
    timing = timing_of(log, sketch, seed=seed, budget=_VISITS_EACH * budget)
    viewers = min(_MOST_VIEWERS, max(1, round(log.users / timing.visible)))
    playing = Playing(sketch, timing.parameters, viewers, name, seed)
    if log.items < _FEWEST_ITEMS:
        return LogFit(playing, {}, 0)
    choosing = choosing_of(log, playing, budget=budget)
    return LogFit(playing, choosing.parameters, choosing.simulations)
