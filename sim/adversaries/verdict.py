"""A verdict policy: what a platform finds, and when, without a classifier in the loop."""

from abc import abstractmethod
from typing import Annotated, NamedTuple

from pydantic import Field

from sim.adversaries.recipe import Recipe
from sim.durations import Duration
from sim.plugin import Family, OneOf, Plugin

__all__ = ["VERDICTS", "AnyVerdicts", "Verdict", "Verdicts"]


class Verdict(NamedTuple):
    """Whether a text is taken down, and how long after it was posted (ms)."""

    flagged: bool
    delay: int


class Verdicts(Plugin):
    """Recorded verdicts: the same text by the same account always gets the same one, in every run and shard."""

    policy_lag: Duration = Field(default=0, ge=0)
    """Time from a change of the policy calendar until verdicts follow it, as a classifier must be trained anew."""

    @abstractmethod
    def verdict(self, recipe: Recipe, bits: int, *, violating: bool) -> Verdict:
        """The verdict on a text from 64 random bits of its own; ``violating`` by the rules that it knows."""


VERDICTS = Family("verdict", Verdicts, "sim.adversaries.verdicts")
AnyVerdicts = Annotated[Verdicts, OneOf(VERDICTS)]
