"""Invented titles and names: syllables and a closed list of plain words, never a real work or person."""

from sim.adversaries.wordlists import is_blocked
from sim.seeds import Picks

__all__ = ["invented_name", "title"]

_ONSETS = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gl",
    "h",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io")
_CODAS = ("", "", "", "l", "m", "n", "r", "s", "th", "x")
_ADJECTIVES = (
    "Amber", "Borrowed", "Broken", "Distant", "Early", "Electric", "Empty", "Glass", "Golden", "Hidden", "Hollow",
    "Last", "Little", "Long", "Midnight", "Northern", "Open", "Paper", "Quiet", "Salt", "Second", "Silver", "Slow",
    "Winter",
)  # fmt: skip
_NOUNS = (
    "Bridge", "Canyon", "Clocks", "Coast", "Engine", "Field", "Garden", "Harbour", "House", "Island", "Lanterns",
    "Letters", "Machine", "Mirror", "Mountain", "Orchard", "Rain", "River", "Road", "Signal", "Station", "Summer",
    "Tide", "Window",
)  # fmt: skip


def invented_name(picks: Picks, *, syllables: int = 2) -> str:
    """A pronounceable name that means nothing, capitalised; one that happens to be on the block list is drawn again."""
    while True:
        parts = [picks.one(_ONSETS) + picks.one(_VOWELS) for _ in range(syllables)]
        name = "".join(parts) + picks.one(_CODAS)
        if not is_blocked(name):
            return name.capitalize()


def title(bits: int) -> str:
    """A title of two to four words, from 64 random bits.

    >>> title(20)
    'The Electric Bridge'
    """
    picks = Picks(bits)
    form, adjective, noun = picks.below(4), picks.one(_ADJECTIVES), picks.one(_NOUNS)
    if form == 0:
        return f"The {adjective} {noun}"
    if form == 1:
        return f"{noun} of {invented_name(picks)}"
    if form == 2:
        return f"{invented_name(picks, syllables=3)} {noun}"
    return f"{adjective} {noun}"
