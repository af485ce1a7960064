"""A spoken language: how its writing is read and how its speech moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["Language", "Pronounce", "Rhythm", "names"]

Pronounce = Callable[[str], tuple[str, ...]]
"""From a lower-case word to its phones in IPA; ``ˈ`` and ``ˌ`` stand directly before the vowel that bears the
stress, ``ː`` after a sound marks length."""


@dataclass(frozen=True)
class Rhythm:
    """How a language times and tunes its syllables (all factors; stress-timed languages reduce the most).

    ``unstressed`` shortens syllables without stress, ``final`` lengthens the last rhyme of a phrase,
    ``aspiration`` is the voice onset time of a stressed voiceless stop in ms, ``tempo`` scales everything,
    ``accent`` is the size of a pitch accent in semitones.
    """

    unstressed: float = 0.9
    final: float = 1.4
    aspiration_ms: float = 18.0
    tempo: float = 1.0
    accent: float = 3.0


@dataclass(frozen=True)
class Language:
    """One language of the studio.

    ``letters`` are the characters its words are written with; ``letter_names`` spell out what cannot be read
    as a word, as ordinary words of the language; ``symbols`` are signs with a name; ``decimal_word``
    reads ``decimal_point``; ``clitics`` are words without an accent of their own.
    """

    code: str
    pronounce: Pronounce
    letters: str
    letter_names: Mapping[str, str]
    symbols: Mapping[str, str]
    decimal_word: str
    decimal_point: str = ","
    clitics: frozenset[str] = frozenset()
    rhythm: Rhythm = field(default_factory=Rhythm)
    lower: Callable[[str], str] = str.lower


def names(letters: str, spoken: str) -> Mapping[str, str]:
    """Letter or symbol names as a mapping: one spoken form, its words joined by ``_``, for each character."""
    return MappingProxyType(
        {c: name.replace("_", " ") for c, name in zip(letters, spoken.split(), strict=True)}
    )
