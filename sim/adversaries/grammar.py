"""The grammar of invented words: closed pools of lexemes that mean nothing outside these texts."""

from collections.abc import Iterator
from functools import cache
from itertools import count

from sim.adversaries.near import patterns_asked, patterns_kept
from sim.catalog.titles import invented_name
from sim.seeds import Picks, digest64

__all__ = ["POOLS", "lexemes", "pools"]

POOLS = {
    "insult": 128,
    "group": 64,
    "order": 48,
    "verb": 48,
    "marker": 32,
    "product": 64,
    "harmless": 128,
}
"""Sorts of invented words and how many there are; ``harmless`` ones stand in hard negatives."""


def lexemes(sort: str) -> tuple[str, ...]:
    """The words of one sort.

    >>> len(lexemes("group")), all(word.isascii() for word in lexemes("group"))
    (64, True)
    """
    return pools()[sort]


@cache
def pools() -> dict[str, tuple[str, ...]]:
    """All pools; any two words in them are at least three edits apart, so that a disguised one can be told."""
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for sort, size in POOLS.items():
        words: list[str] = []
        for word in _coined(sort):
            if taken.isdisjoint(patterns_asked(word)):
                words.append(word)
                taken.update(patterns_kept(word))
            if len(words) == size:
                break
        found[sort] = tuple(words)
    return found


def _coined(sort: str) -> Iterator[str]:
    for number in count():
        word = invented_name(Picks(digest64("lexeme", sort, number)), syllables=3).lower()
        if 7 <= len(word) <= 10:
            yield word
