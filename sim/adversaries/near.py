"""Nearness of words: who is within two edits of whom, told from patterns that can be hashed."""

from collections.abc import Iterator

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
    """Letters marked, letters removed, and what is left, for at most two of them."""
    yield 0, 0, word
    for i in range(len(word)):
        before, after = word[:i], word[i + 1 :]
        yield 1, 0, f"{before}{_MARK}{after}"
        yield 0, 1, before + after
        for j in range(i + 1, len(word)):
            between, end = word[i + 1 : j], word[j + 1 :]
            yield 2, 0, f"{before}{_MARK}{between}{_MARK}{end}"
            yield 1, 1, f"{before}{_MARK}{between}{end}"
            yield 1, 1, f"{before}{between}{_MARK}{end}"
            yield 0, 2, before + between + end
