"""A seasonal shift."""

from itertools import count
from math import pi, sin
from typing import Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.durations import DAY, Duration
from sim.shifts.shift import Announce, Course, Step
from sim.shifts.turning import Turning

__all__ = ["Seasonal"]


class Seasonal(Turning):
    """Moves a dial up and down in a wave: by the factor at its crest, by its reciprocal in its trough.

    The dial is ``factor ** sin(2π t / period)`` at a time ``t`` after the onset, renewed ``steps`` times a period; each
    record tells the level, from -1 to 1.

    >>> Seasonal(name="tides", dial="talk", at=0, factor=1.5, period="12h").steps
    24
    """

    kind: Literal["seasonal"] = "seasonal"
    period: Duration = Field(default=DAY, gt=0)
    """Time from crest to crest."""
    steps: int = Field(default=24, ge=4, le=1000)
    """How often in a period the level is renewed."""

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Follow the wave, beginning upwards."""
        onset = env.now
        for step in count(1):
            level = sin(2 * pi * step / self.steps)
            dials.set(self.name, self.dial, self.factor**level)
            announce(self, Step(level, onset, factor=self.factor**level))
            yield env.timeout(self.period / self.steps)
