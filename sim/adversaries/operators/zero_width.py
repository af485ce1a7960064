"""Zero-width spaces between letters."""

from typing import Literal

from sim.adversaries.operator import Operator, plain

__all__ = ["ZeroWidth"]


class ZeroWidth(Operator):
    """Puts a zero-width space (U+200B) behind letters: nothing to see, another word to a string match.

    >>> import numpy as np
    >>> len(ZeroWidth(strength=1).apply("offer", rng=np.random.default_rng(0)))
    10
    """

    kind: Literal["zero_width"] = "zero_width"

    def disguise(self, character: str) -> str:
        """The letter and a zero-width space."""
        return character + "\u200b" if character.isalnum() else character

    def restored(self, text: str) -> str:
        """The text without marks of zero width."""
        return plain(text)
