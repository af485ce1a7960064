"""A lexicon: the closed vocabulary that disguised words must still be told from."""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sim.adversaries.skeleton import reading

__all__ = ["MOST_EDITS", "Lexicon", "edits_allowed"]

MOST_EDITS = 0.34
"""Part of a word's letters that may be edited: beyond a third, people no longer read it with ease."""


def edits_allowed(letters: int) -> int:
    """How many letters of a word of this length may be edited.

    >>> [edits_allowed(letters) for letters in (2, 3, 7, 12)]
    [0, 1, 2, 4]
    """
    return int(MOST_EDITS * letters)


class Lexicon:
    """Words that no two disguises may confuse; edits are counted as insertions, deletions, substitutions and swaps of
    neighbours (optimal string alignment), after everything that a table undoes is undone.

    >>> words = Lexicon(["voucher", "gift card", "tablet"])
    >>> words.decode("vuоch3r"), words.decode("G-1-F-T card"), words.decode("paper")
    ('voucher', 'gift card', None)
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, str] = {}
        for word in words:
            other = self._words.setdefault(reading(word), word)
            if other != word:
                raise ValueError(f"{word!r} and {other!r} read the same ({reading(word)!r}); leave one out")
        self._forms = tuple(self._words)
        # Brands are without number, so what is remembered of them has an end.
        self._near = lru_cache(maxsize=16_384)(self._find_near)
        self._kept = lru_cache(maxsize=4096)(self._keeps)

    def decode(self, text: str) -> str | None:
        """The one word that a disguised text stands for; None if no word is near enough, or two are equally near."""
        read = reading(text)
        if read in self._words:
            return self._words[read]
        near = [
            (distance, word)
            for form, word in self._words.items()
            if (distance := OSA.distance(form, read)) <= edits_allowed(len(form))
        ]
        nearest = [word for distance, word in near if distance == min(near)[0]]
        return nearest[0] if len(nearest) == 1 else None

    def keeps(self, word: str, disguised: str) -> bool:
        """Whether a disguised word is still taken for the word, and for none of the lexicon's others."""
        before, after = reading(word), reading(disguised)
        return before == after or self._kept(before, after)

    def _keeps(self, before: str, after: str) -> bool:
        distance = OSA.distance(before, after)
        if distance > edits_allowed(len(before)):
            return False
        return all(OSA.distance(rival, after) > distance for rival in self._near(before))

    def _find_near(self, form: str) -> tuple[str, ...]:
        """The words that a permitted disguise could be as near to as to this one."""
        reach = 2 * edits_allowed(len(form))
        found = process.extract(form, self._forms, scorer=OSA.distance, score_cutoff=reach, limit=None)
        return tuple(other for other, _, _ in found if other != form)
