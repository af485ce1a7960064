"""Digits and signs for letters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.lossy import LetterSubstitution
from sim.adversaries.skeleton import DIGIT_LETTERS

__all__ = ["Leet"]

_DISGUISES = {
    case: tuple(sign for sign, other in DIGIT_LETTERS.items() if other == letter)
    for letter in dict.fromkeys(DIGIT_LETTERS.values())
    for case in (letter, letter.upper())
}


class Leet(LetterSubstitution):
    """Replaces letters by digits and signs of a similar shape.

    The leet-speak functional test of HateCheck (Röttger et al. 2021, F29).

    >>> from sim.seeds import Stream
    >>> Leet(strength=1).apply("bog", rng=Stream(0))
    '809'
    """

    kind: Literal["leet"] = "leet"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = _DISGUISES
