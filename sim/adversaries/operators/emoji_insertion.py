"""Emoji between letters."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import Insertion

__all__ = ["EmojiInsertion"]


class EmojiInsertion(Insertion):
    """Puts harmless emoji between the letters of a word.

    Wei, Liu and Erichson 2024, "Emoji Attack": emoji within words split the tokens that a classifier knows.

    >>> from sim.seeds import Stream
    >>> EmojiInsertion(strength=1).apply("offer", rng=Stream(0)).isascii()
    False
    """

    kind: Literal["emoji_insertion"] = "emoji_insertion"
    marks: ClassVar[Sequence[str]] = ("✨", "🌸", "😀", "🎈", "🌈", "💫", "🍀", "🎉")
