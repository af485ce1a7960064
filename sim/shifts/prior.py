"""A shift of the prior."""

from typing import Literal

import simpy
from pydantic import Field

from sim.dials import Dials
from sim.shifts.shift import Announce, Course
from sim.shifts.turning import LastingTurn

__all__ = ["Prior"]


class Prior(LastingTurn):
    """Outcomes become more or less frequent, P(Y), while what each of them looks like stays as it was.

    Source: Moreno-Torres et al. (2012), "A unifying view on dataset shift in classification", Pattern Recognition 45.

    >>> Prior(name="wave", at="1h", outcome="violating", factor=5).target
    'violating'
    """

    kind: Literal["prior"] = "prior"
    outcome: Literal["violating", "reactions"]
    """Texts that violate (and those that only seem to), or likes, dislikes, ratings, lists, shares and follows."""
    factor: float = Field(gt=0, le=100)
    """How much more frequent they become."""

    @property
    def target(self) -> str:
        """The dial of the outcome."""
        return self.outcome

    @property
    def size(self) -> float:
        """The factor."""
        return self.factor

    def course(self, env: simpy.Environment, dials: Dials, announce: Announce) -> Course:
        """Turn the outcome's dial."""
        yield from self.turned(env, dials, announce, dial=self.outcome, factor=self.factor)
