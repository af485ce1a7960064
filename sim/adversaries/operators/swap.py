"""Neighbouring letters swapped."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.lossy import LetterEdits
from sim.adversaries.operator import LETTERS
from sim.seeds import Stream

__all__ = ["Swap"]


class Swap(LetterEdits):
    """Swaps neighbouring letters within a word.

    People read scrambled words whose first letter stands (Rayner et al. 2006); an edit of TextBugger (Li et al. 2019).

    >>> from sim.seeds import Stream
    >>> sorted(Swap(strength=1).apply("voucher", rng=Stream(0))) == sorted("voucher")
    True
    """

    kind: Literal["swap"] = "swap"

    def places(self, word: str) -> Sequence[int]:
        """Pairs of different letters that do not overlap, the first letter in none."""
        found, place = [], 1
        while place < len(word) - 1:
            first, second = word[place], word[place + 1]
            if first in LETTERS and second in LETTERS and first.lower() != second.lower():
                found.append(place)
                place += 1
            place += 1
        return found

    def edit(self, characters: list[str], place: int, *, rng: Stream) -> None:
        """Swap the pair."""
        characters[place], characters[place + 1] = characters[place + 1], characters[place]
