"""A sudden shift."""

from collections.abc import Generator
from typing import Any, Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.shifts.shift import Announce, Shift

__all__ = ["Sudden"]


class Sudden(Shift):
    """Multiplies a dial at once, for good (abrupt drift in the terms of Gama et al. 2014).

    >>> Sudden(name="evening", dial="watch_scale", at="2h", factor=0.5).at
    7200000
    """

    kind: Literal["sudden"] = "sudden"
    factor: float = Field(gt=0, le=100)
    """What the dial is multiplied by."""

    def run(
        self, env: simpy.Environment, dials: Dials, announce: Announce
    ) -> Generator[simpy.Event, Any, None]:
        """Wait, turn the dial, say so."""
        # A wait of no time at all would still let the first tick pass by.
        if self.at:
            yield env.timeout(self.at)
        dials.turn(self.dial, self.factor)
        announce(self, self.factor)
