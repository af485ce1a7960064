"""Letters of other alphabets that look alike."""

from typing import Literal

from sim.adversaries.operator import Operator, plain

__all__ = ["Homoglyph"]

# Pairs that Unicode's table of confusables (UTS 39) lists as alike.
_LATIN = "aceijopsxyABCEHIKMOPTX"
_ALIKE = "асеіјорѕхуАВСЕНІКМОРТХ"
_DISGUISES = dict(zip(_LATIN, _ALIKE, strict=True))
_RESTORES = str.maketrans(_ALIKE, _LATIN)


class Homoglyph(Operator):
    """Replaces Latin letters by Cyrillic ones of the same look.

    >>> import numpy as np
    >>> Homoglyph(strength=1).apply("ace", rng=np.random.default_rng(0)).isascii()
    False
    """

    kind: Literal["homoglyph"] = "homoglyph"

    def disguise(self, character: str) -> str:
        """The letter that looks alike, if there is one."""
        return _DISGUISES.get(character, character)

    def restored(self, text: str) -> str:
        """The text in Latin letters."""
        return plain(text.translate(_RESTORES))
