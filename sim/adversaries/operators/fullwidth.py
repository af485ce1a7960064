"""Letters as wide as Chinese characters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import LETTERS, CharacterOperator

__all__ = ["Fullwidth"]

_WIDER = 0xFEE0


class Fullwidth(CharacterOperator):
    """Replaces letters by their fullwidth forms (Unicode block FF00), which compatibility normalisation undoes.

    >>> from sim.seeds import Stream
    >>> Fullwidth(strength=1).apply("offer", rng=Stream(0))
    'ｏｆｆｅｒ'
    """

    kind: Literal["fullwidth"] = "fullwidth"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = {
        letter: chr(ord(letter) + _WIDER) for letter in sorted(LETTERS)
    }
