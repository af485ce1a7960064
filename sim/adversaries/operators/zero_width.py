"""Marks of zero width between letters."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import Insertion

__all__ = ["ZeroWidth"]


class ZeroWidth(Insertion):
    """Puts marks of zero width between letters: nothing to see, another word to a string match.

    Zero-width space, non-joiner, joiner and word joiner: the invisible characters of Boucher et al. 2022.

    >>> from sim.seeds import Stream
    >>> len(ZeroWidth(strength=1).apply("offer", rng=Stream(0)))
    9
    """

    kind: Literal["zero_width"] = "zero_width"
    marks: ClassVar[Sequence[str]] = ("\u200b", "\u200c", "\u200d", "\u2060")
