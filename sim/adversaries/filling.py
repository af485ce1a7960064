"""Fillers: short benign sentences that bring a text to a length."""

from functools import cache

from sim.adversaries.library import BENIGN
from sim.adversaries.policy import functions_of
from sim.seeds import Stream

__all__ = ["filled"]

_FUNCTION = "aside"


def filled(text: str, length: int, language: str, *, seed: int) -> str:
    """The text with benign asides behind it, exactly as long as asked for if it is not longer already.

    >>> filled("Loved it.", 40, "en", seed=3)[:10], len(filled("Loved it.", 40, "en", seed=3))
    ('Loved it. ', 40)
    """
    stream = Stream(seed)
    by_length = _asides(language)
    while True:
        room = length - len(text) - 1
        options = by_length[min(room, len(by_length) - 1)] if room > 0 else ()
        if not options:
            return text + "!" * max(0, room + 1)
        text = f"{text} {stream.one(options)}"


@cache
def _asides(language: str) -> tuple[tuple[str, ...], ...]:
    """At index n, all asides of at most n characters."""
    known = functions_of(BENIGN)[_FUNCTION].variants(language)
    longest = max(map(len, known))
    return tuple(tuple(text for text in known if len(text) <= room) for room in range(longest + 1))
