"""A sudden shift."""

from typing import Literal

import simpy

from sim.dials import Dials
from sim.shifts.shift import Announce, Course
from sim.shifts.turning import LastingTurn, Turning

__all__ = ["Sudden"]


class Sudden(Turning, LastingTurn):
    """Multiplies a dial at once (abrupt drift in the terms of Gama et al. 2014).

    >>> Sudden(name="evening", dial="watch_scale", at="2h", factor=0.5).at
    7200000
    """

    kind: Literal["sudden"] = "sudden"

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Turn the dial; turn it back, if that was asked for."""
        yield from self.turned(env, dials, announce, dial=self.dial, factor=self.factor)
