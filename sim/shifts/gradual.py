"""A gradual shift."""

from typing import Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.durations import Duration
from sim.shifts.shift import Announce, Course, Step
from sim.shifts.turning import Turning

__all__ = ["Gradual"]


class Gradual(Turning):
    """A mixture of the old and the new, in which the share of viewers for whom the new holds rises.

    Source: Gama et al. (2014), "A survey on concept drift adaptation", ACM Computing Surveys 46. A viewer who has
    changed stays so. Of ``arrivals``, the mean is what rises.

    >>> Gradual(name="new_player", dial="watch_scale", at="2h", factor=0.5, over="3h").steps
    20
    """

    kind: Literal["gradual"] = "gradual"
    over: Duration = Field(gt=0)
    """Time from the first viewers to all of them."""
    steps: int = Field(default=20, ge=2, le=1000)
    """In how many equal steps the share rises."""

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Raise the share of viewers for whom the dial is turned, step by step."""
        onset = env.now
        for step in range(1, self.steps + 1):
            share = step / self.steps
            dials.set(self.name, self.dial, self.factor, share=share)
            announce(self, Step(share, onset, factor=self.factor))
            yield env.timeout(self.over / self.steps)
