"""Emoji for letters."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.lossy import LetterSubstitution
from sim.adversaries.skeleton import EMOJI_LETTERS

__all__ = ["EmojiSubstitution"]

_DISGUISES = {
    case: tuple(sign for sign, other in EMOJI_LETTERS.items() if other == letter)
    for letter in dict.fromkeys(EMOJI_LETTERS.values())
    for case in (letter, letter.upper())
}


class EmojiSubstitution(LetterSubstitution):
    """Replaces letters by emoji of their shape.

    Emoji-based hate as a blind spot of classifiers: HatemojiCheck (Kirk et al. 2022).

    >>> from sim.seeds import Stream
    >>> EmojiSubstitution(strength=1).apply("b", rng=Stream(0))
    '🅱'
    """

    kind: Literal["emoji_substitution"] = "emoji_substitution"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = _DISGUISES
