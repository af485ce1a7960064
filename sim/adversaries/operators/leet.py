"""Digits for letters."""

from typing import Literal

from sim.adversaries.operator import Operator, plain

__all__ = ["Leet"]

_DISGUISES = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "b": "8", "g": "9"}
_RESTORES = str.maketrans({digit: letter for letter, digit in _DISGUISES.items()})


class Leet(Operator):
    """Replaces letters by digits of a similar shape.

    >>> import numpy as np
    >>> Leet(strength=1).apply("boat", rng=np.random.default_rng(0))
    '8047'
    """

    kind: Literal["leet"] = "leet"

    def disguise(self, character: str) -> str:
        """The digit for a letter, if there is one."""
        return _DISGUISES.get(character.lower(), character)

    def restored(self, text: str) -> str:
        """The text with letters for digits."""
        return plain(text.translate(_RESTORES))
