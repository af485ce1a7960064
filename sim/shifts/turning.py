"""Turning: shifts that multiply a dial of the world, in one of several courses."""

from abc import ABC

import simpy
from pydantic import Field

from sim.dials import DialName, Dials
from sim.durations import Duration
from sim.shifts.shift import Announce, Course, Shift, Step

__all__ = ["LastingTurn", "Turning"]


class Turning(Shift, ABC):
    """A change of one dial by a factor."""

    dial: DialName
    """What is turned."""
    factor: float = Field(gt=0, le=100)
    """What the dial is multiplied by when the change is complete."""

    @property
    def target(self) -> str:
        """The dial."""
        return self.dial

    @property
    def size(self) -> float:
        """The factor."""
        return self.factor


class LastingTurn(Shift, ABC):
    """A dial turned at once for a share of the viewers, for good or for a while."""

    lasts: Duration | None = Field(default=None, gt=0)
    """Simulated time until all is as before; for good, if not given."""

    def turned(
        self,
        env: simpy.Environment,
        dials: Dials,
        announce: Announce,
        *,
        dial: str,
        factor: float,
        share: float = 1.0,
    ) -> Course:
        """Turn the dial, say so; turn it back when the time has come, and say that."""
        onset = env.now
        end = None if self.lasts is None else onset + self.lasts
        dials.set(self.name, dial, factor, share=share)
        announce(self, Step(1.0, onset, end, factor))
        if self.lasts is not None:
            yield env.timeout(self.lasts)
            dials.set(self.name, dial, 1.0)
            announce(self, Step(0.0, onset, end, 1.0))
