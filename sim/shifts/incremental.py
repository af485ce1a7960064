"""An incremental shift."""

from typing import Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.durations import Duration
from sim.shifts.shift import Announce, Course, Step
from sim.shifts.turning import Turning

__all__ = ["Incremental"]


class Incremental(Turning):
    """Moves a dial to its new level in steps of equal ratio, for everybody alike.

    Source: Gama et al. (2014), "A survey on concept drift adaptation", ACM Computing Surveys 46.

    >>> Incremental(name="fatigue", dial="reactions", at="1h", factor=0.2, over="2h", steps=4).size
    0.2
    """

    kind: Literal["incremental"] = "incremental"
    over: Duration = Field(gt=0)
    """Time from the first step to the last."""
    steps: int = Field(default=5, ge=2, le=1000)
    """How many steps there are."""

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Turn the dial a step further each time."""
        onset = env.now
        for step in range(1, self.steps + 1):
            factor = self.factor ** (step / self.steps)
            dials.set(self.name, self.dial, factor)
            announce(self, Step(step / self.steps, onset, factor=factor))
            yield env.timeout(self.over / (self.steps - 1))
