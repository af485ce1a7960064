"""A verdict policy: what a platform finds, and when, without a classifier in the loop."""

from abc import abstractmethod
from typing import Annotated, NamedTuple

from sim.adversaries.recipe import Recipe
from sim.plugin import Family, OneOf, Plugin

__all__ = ["VERDICTS", "AnyVerdicts", "Verdict", "Verdicts"]


class Verdict(NamedTuple):
    """Whether a text is taken down, and how long after it was posted (ms)."""

    flagged: bool
    delay: int


class Verdicts(Plugin):
    """Recorded verdicts: the same text by the same account always gets the same one, in every run and shard."""

    @abstractmethod
    def verdict(self, recipe: Recipe, bits: int) -> Verdict:
        """The verdict on a text, from 64 random bits of its own."""


VERDICTS = Family("verdict", Verdicts, "sim.adversaries.verdicts")
AnyVerdicts = Annotated[Verdicts, OneOf(VERDICTS)]
