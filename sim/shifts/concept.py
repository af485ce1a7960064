"""A shift of the concept."""

from typing import Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.shifts.shift import Announce, Course
from sim.shifts.turning import LastingTurn

__all__ = ["Concept"]


class Concept(LastingTurn):
    """Who likes what turns, P(Y|X): people and items stay as they are, and suit each other differently.

    (What violates which policy turns by a scenario's ``policy_calendar``.) Source: Widmer and Kubat (1996), "Learning
    in the presence of concept drift and hidden contexts", Machine Learning 23.

    >>> Concept(name="fashion", at="1h", turn=2).size
    2.0
    """

    kind: Literal["concept"] = "concept"
    turn: float = Field(gt=0, le=4)
    """By how many quarter turns tastes are turned: 1 means that nobody likes what they liked, 2 the opposite."""
    share: float = Field(default=1.0, gt=0, le=1)
    """Share of the viewers whose tastes turn."""

    @property
    def target(self) -> str:
        """The dial of tastes."""
        return "taste_turn"

    @property
    def size(self) -> float:
        """The quarter turns."""
        return self.turn

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Turn tastes."""
        factor = 1 + self.turn
        yield from self.turned(env, dials, announce, dial="taste_turn", factor=factor, share=self.share)
