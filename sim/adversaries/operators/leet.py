"""Digits and signs for letters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import CharacterOperator
from sim.adversaries.skeleton import DIGIT_LETTERS, reading

__all__ = ["Leet"]

_DISGUISES = {
    case: tuple(sign for sign, other in DIGIT_LETTERS.items() if other == letter)
    for letter in dict.fromkeys(DIGIT_LETTERS.values())
    for case in (letter, letter.upper())
}


class Leet(CharacterOperator):
    """Replaces letters by digits and signs of a similar shape.

    The leet-speak functional test of HateCheck (Röttger et al. 2021, F29).

    >>> from sim.seeds import Stream
    >>> Leet(strength=1).apply("bog", rng=Stream(0))
    '809'
    """

    kind: Literal["leet"] = "leet"
    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossy"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = _DISGUISES

    def preserves(self, before: str, after: str) -> bool:
        """Whether the word is the same once letters are put for digits and signs."""
        return reading(before) == reading(after)

    def restored(self, text: str) -> str:
        """The word with letters for digits and signs, in normal form."""
        return reading(text)
