"""Nearness of words: who is within two edits of whom, told from patterns that can be hashed."""

from collections.abc import Iterator
from itertools import combinations

__all__ = ["MOST_EDITS", "patterns_asked", "patterns_kept"]

MOST_EDITS = 2
_MARK = "?"


def patterns_kept(word: str) -> Iterator[str]:
    """What a list keeps of a word, so that a query within two edits of it shares one pattern, and no other does.

    A pattern is the word with some letters marked (substituted) and some removed. Two words are within two edits
    (Levenshtein 1966) exactly if marking and removing at most two letters makes them equal; the idea of deletion
    neighbourhoods (Mor and Fraenkel 1982), made exact by the marks.

    >>> set(patterns_kept("tide")) & set(patterns_asked("tires")) != set()
    True
    >>> set(patterns_kept("tide")) & set(patterns_asked("harbour"))
    set()
    """
    for marked, removed, pattern in _patterns(word):
        yield f"{marked}{removed}{pattern}"


def patterns_asked(word: str) -> Iterator[str]:
    """What a query looks for: one pattern in common with a word of the list means that it is near."""
    for marked, removed, pattern in _patterns(word):
        for missing in range(MOST_EDITS - marked - removed + 1):
            yield f"{marked}{missing}{pattern}"


def _patterns(word: str) -> Iterator[tuple[int, int, str]]:
    for touched in range(MOST_EDITS + 1):
        for places in combinations(range(len(word)), touched):
            for marked in range(touched + 1):
                for chosen in combinations(places, marked):
                    yield marked, touched - marked, _pattern(word, places, chosen)


def _pattern(word: str, places: tuple[int, ...], marked: tuple[int, ...]) -> str:
    return "".join(
        letter if place not in places else _MARK if place in marked else ""
        for place, letter in enumerate(word)
    )
