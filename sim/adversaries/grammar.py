"""The grammar of invented words: closed pools of lexemes that mean nothing outside these texts."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import count

from sim.adversaries.near import patterns_asked, patterns_kept
from sim.adversaries.wordlists import is_word, near_blocked
from sim.catalog.titles import invented_name
from sim.seeds import Picks, digest64

__all__ = ["POOLS", "coined", "folk", "forms", "forms_of", "lexemes", "plural", "pools"]

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


@cache
def pools() -> Mapping[str, tuple[str, ...]]:
    """All pools, as they ship: :func:`coined` gives the same, but takes a second."""
    shipped: dict[str, str] = json.loads(files("sim.adversaries").joinpath("lexemes.json").read_text("utf-8"))
    return {sort: tuple(words.split()) for sort, words in shipped.items()}


def lexemes(sort: str) -> tuple[str, ...]:
    """The words of one sort.

    >>> len(lexemes("group")), all(word.isascii() for word in lexemes("group"))
    (64, True)
    """
    return pools()[sort]


def plural(word: str) -> str:
    """Several of them."""
    return word + ("es" if word[-1] in "sxh" else "s")


def folk(word: str) -> str:
    """The people of an invented group.

    >>> folk("poglodrin")
    'Poglodrinites'
    """
    return word.capitalize() + ("ns" if word[-1] in "aeiou" else "ites")


@cache
def forms() -> frozenset[str]:
    """Every form in which an invented word is written."""
    return frozenset(
        form for sort, words in pools().items() for word in words for form in forms_of(sort, word)
    )


def forms_of(sort: str, word: str) -> tuple[str, ...]:
    """How a word of a sort is written: an insult also in the plural, a group as its people."""
    if sort == "insult":
        return word, plural(word)
    return {"group": (folk(word),), "order": (word.capitalize(),)}.get(sort, (word,))


def coined() -> dict[str, tuple[str, ...]]:
    """All pools, from the grammar.

    No word is in the dictionary or within two edits of the block list, and any two are at least three edits apart, so
    that a disguised one can be told.
    """
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for sort, size in POOLS.items():
        words: list[str] = []
        for word in _coined(sort):
            if taken.isdisjoint(patterns_asked(word)) and not any(map(_refused, forms_of(sort, word))):
                words.append(word)
                taken.update(patterns_kept(word))
            if len(words) == size:
                break
        found[sort] = tuple(words)
    return found


def _refused(form: str) -> bool:
    return is_word(form) or near_blocked(form)


def _coined(sort: str) -> Iterator[str]:
    for number in count():
        word = invented_name(Picks(digest64("lexeme", sort, number)), syllables=3).lower()
        if 7 <= len(word) <= 10:
            yield word
