"""Stress placement: which vowel of a phone sequence carries the accent."""

from collections.abc import Sequence

from media_gen.voice.phones import phone_of

__all__ = ["nuclei", "stressed_at"]


def nuclei(phones: Sequence[str]) -> list[int]:
    """The places of the vowels."""
    return [i for i, symbol in enumerate(phones) if phone_of(symbol.strip("ˈˌː")).is_vowel]


def stressed_at(phones: Sequence[str], syllable: int) -> tuple[str, ...]:
    """The phones with primary stress on one syllable, counted as in a list (-1 is the last); kept if already
    stressed.

    >>> stressed_at(("k", "a", "s", "a"), -2)
    ('k', 'ˈa', 's', 'a')
    """
    vowels = nuclei(phones)
    if not vowels or any(symbol.startswith("ˈ") for symbol in phones):
        return tuple(phones)
    place = vowels[max(min(syllable, len(vowels) - 1), -len(vowels))]
    return tuple("ˈ" + symbol if i == place else symbol for i, symbol in enumerate(phones))
