"""A recurring shift."""

from itertools import count
from typing import Literal, Self

import simpy
from pydantic import Field, model_validator

from sim.dials import Dials
from sim.durations import Duration
from sim.shifts.shift import Announce, Course, Step
from sim.shifts.turning import Turning

__all__ = ["Recurring"]


class Recurring(Turning):
    """Turns a dial for a while, again and again: each time with an onset of its own.

    >>> Recurring(name="lunch", dial="arrivals", at="12h", factor=2, lasts="1h", every="24h").times is None
    True
    """

    kind: Literal["recurring"] = "recurring"
    lasts: Duration = Field(gt=0)
    """How long the dial is turned each time."""
    every: Duration = Field(gt=0)
    """Time from one onset to the next."""
    times: int | None = Field(default=None, ge=1)
    """How often; without end, if not given."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.lasts >= self.every:
            raise ValueError(f"lasts ({self.lasts} ms) must be shorter than every ({self.every} ms)")
        return self

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Turn the dial on and off."""
        for turn in count(1):
            onset = env.now
            dials.set(self.name, self.dial, self.factor)
            announce(self, Step(1.0, onset, onset + self.lasts, self.factor))
            yield env.timeout(self.lasts)
            dials.set(self.name, self.dial, 1.0)
            announce(self, Step(0.0, onset, onset + self.lasts, 1.0))
            if turn == self.times:
                return
            yield env.timeout(self.every - self.lasts)
