"""Emoji for letters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import CharacterOperator
from sim.adversaries.skeleton import EMOJI_LETTERS, reading

__all__ = ["EmojiSubstitution"]

_DISGUISES = {
    case: tuple(sign for sign, other in EMOJI_LETTERS.items() if other == letter)
    for letter in dict.fromkeys(EMOJI_LETTERS.values())
    for case in (letter, letter.upper())
}


class EmojiSubstitution(CharacterOperator):
    """Replaces letters by emoji of their shape.

    Emoji-based hate as a blind spot of classifiers: HatemojiCheck (Kirk et al. 2022).

    >>> from sim.seeds import Stream
    >>> EmojiSubstitution(strength=1).apply("b", rng=Stream(0))
    '🅱'
    """

    kind: Literal["emoji_substitution"] = "emoji_substitution"
    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossy"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = _DISGUISES

    def preserves(self, before: str, after: str) -> bool:
        """Whether the word is the same once letters are put for emoji."""
        return reading(before) == reading(after)

    def restored(self, text: str) -> str:
        """The word with letters for emoji, in normal form."""
        return reading(text)
