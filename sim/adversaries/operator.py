"""A text operator: one way to disguise a word so that people still read it."""

import unicodedata
from abc import abstractmethod
from typing import Annotated

import numpy as np
from pydantic import Field

from sim.plugin import Family, OneOf, Plugin

__all__ = ["OPERATORS", "AnyOperator", "Operator", "plain"]


class Operator(Plugin):
    """Disguises a word; ``strength`` is the part of its characters that are touched."""

    strength: float = Field(default=0.5, ge=0, le=1)
    """Part of the characters that are touched, at least one if above 0."""

    def apply(self, text: str, *, rng: np.random.Generator) -> str:
        """The disguised text."""
        chosen = self._chosen(text, rng=rng)
        return "".join(
            self.disguise(character) if place in chosen else character for place, character in enumerate(text)
        )

    @abstractmethod
    def disguise(self, character: str) -> str:
        """What stands in the place of one character."""

    @abstractmethod
    def restored(self, text: str) -> str:
        """The undisguised text, as far as it can be told: equal for the text and every disguise of it."""

    def _chosen(self, text: str, *, rng: np.random.Generator) -> frozenset[int]:
        touchable = [place for place, character in enumerate(text) if self.disguise(character) != character]
        if not touchable or self.strength == 0:
            return frozenset()
        count = max(1, round(self.strength * len(touchable)))
        return frozenset(rng.choice(touchable, count, replace=False).tolist())


def plain(text: str) -> str:
    """Text in compatibility form and lower case, without marks of zero width."""
    # Marks go first: one between a letter and its accent would keep them from being composed.
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", seen).casefold()


OPERATORS = Family("operator", Operator, "sim.adversaries.operators")
AnyOperator = Annotated[Operator, OneOf(OPERATORS)]
