"""Fillers: short benign sentences that bring a text to a length."""

from functools import cache

from sim.adversaries.dialects import spoken
from sim.adversaries.library import BENIGN
from sim.adversaries.policy import functions_of
from sim.seeds import Stream

__all__ = ["ASIDE", "filled"]

ASIDE = "aside"
"""The function of benign talk whose texts are asides."""
_FULL_STOPS = {1: "!!", 2: "...", 3: ". :)"}
"""What stands for a full stop to make a text so many characters longer."""


def filled(text: str, length: int, language: str, dialect: str = "", *, seed: int) -> str:
    """The text with benign asides behind it, exactly as long as asked for if it is not longer already.

    >>> filled("Loved it.", 40, "en", seed=3)[:10], len(filled("Loved it.", 40, "en", seed=3))
    ('Loved it. ', 40)
    """
    stream = Stream(seed)
    by_length = _asides(language, dialect)
    while (room := length - len(text) - 1) > 0:
        options = by_length[min(room, len(by_length) - 1)]
        if not options:
            break
        text = f"{text} {stream.one(options)}"
    return _ended(text, length - len(text))


def _ended(text: str, short: int) -> str:
    """A livelier ending for what is too little for an aside."""
    if text[-1:] == "." and short in _FULL_STOPS:
        return text[:-1] + _FULL_STOPS[short]
    return text + ("", "!", "!!", " :)")[short] if short < 4 else text + "!" * short


@cache
def _asides(language: str, dialect: str) -> tuple[tuple[str, ...], ...]:
    """At index n, the longer ones of the asides of at most n characters: a few long ones rather than many short."""
    known = functions_of(BENIGN)[ASIDE].variants(language)
    if dialect:
        known = tuple(spoken(text, dialect) for text in known)
    longest = max(map(len, known))
    return tuple(
        tuple(text for text in known if room / 3 <= len(text) <= room) for room in range(longest + 1)
    )
