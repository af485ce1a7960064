"""Normal forms of a text: what is left of it when its disguise is taken off."""

import re
import unicodedata
from functools import lru_cache

from sim.adversaries.confusables import LATIN_OF

__all__ = ["DIGIT_LETTERS", "EMOJI_LETTERS", "normalised", "plain", "reading", "skeleton"]

DIGIT_LETTERS = {
    "4": "a", "@": "a", "8": "b", "3": "e", "€": "e", "9": "g", "1": "i", "!": "i", "0": "o", "5": "s", "$": "s",
    "7": "t", "+": "t", "2": "z",
}  # fmt: skip
"""The letter that a digit or sign stands for in leet."""

EMOJI_LETTERS = {
    **{chr(0x1F170 + place): letter for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    "❌": "x", "⭕": "o", "💲": "s", "❗": "i", "➕": "t", "🌙": "c", "🐍": "s", "🔱": "w", "🥚": "o", "🪝": "j",
}  # fmt: skip
"""The letter that an emoji stands for: squared letters (Unicode block 1F100) and signs of a letter's shape."""

_REVERSED = re.compile("\u202e([^\u202c\u202e]*)\u202c")


def plain(text: str) -> str:
    """Text in compatibility form and lower case, without marks of zero width."""
    # Marks go first: one between a letter and its accent would keep them from being composed.
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", seen).casefold()


def normalised(text: str) -> str:
    """Plain text with letters that look Latin as Latin ones, in the order in which it is shown.

    What a careful moderation service does before it classifies; words stay apart, unlike in the skeleton.

    >>> normalised("a Gіft-\u202edrac\u202c for YO​U")
    'a gift-card for you'
    """
    return plain(_in_reading_order(text).translate(_LATIN))


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """Letters and digits alone, in lower case, without accents, letters that look Latin as Latin ones.

    UTS 39's skeleton, made coarser: what stands between letters goes too, and text that overrides turn around is
    turned back. Equal for a text and every lossless disguise of it.

    >>> skeleton("Ｇ.і\u200bft-CАRD")
    'giftcard'
    """
    return _in_reading_order(text).translate(_SKELETONS)


@lru_cache(maxsize=4096)
def reading(text: str) -> str:
    """The skeleton with letters for the digits, signs and emoji that stand for letters.

    >>> reading("v0uch3r 🅰")
    'vouchera'
    """
    return _in_reading_order(text).translate(_READINGS)


def _in_reading_order(text: str) -> str:
    while "\u202e" in text:
        turned = _REVERSED.sub(lambda found: found[1][::-1], text)
        if turned == text:
            break
        text = turned
    return text


class _Forms(dict[int, str]):
    """What each character becomes, worked out when it is first met (for ``str.translate``)."""

    def __init__(self, letters: dict[str, str]) -> None:
        super().__init__({ord(sign): letter for sign, letter in letters.items()})

    def __missing__(self, code: int) -> str:
        form = self[code] = _form(chr(code))
        return form


def _form(text: str) -> str:
    while True:
        parts = unicodedata.normalize("NFKD", text)
        letters = "".join(LATIN_OF.get(part, part).casefold() for part in parts if part.isalnum())
        if letters == text:
            return text
        text = letters


_LATIN = {ord(alike): letter for alike, letter in LATIN_OF.items()}
_SKELETONS = _Forms({})
_READINGS = _Forms({**DIGIT_LETTERS, **EMOJI_LETTERS})
