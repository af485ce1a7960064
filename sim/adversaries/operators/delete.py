"""Letters left out."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.lossy import LetterEdits
from sim.adversaries.operator import LETTERS
from sim.seeds import Stream

__all__ = ["Delete"]


class Delete(LetterEdits):
    """Leaves letters out, never the first.

    One of the character edits of TextBugger (Li et al. 2019).

    >>> from sim.seeds import Stream
    >>> len(Delete(strength=1).apply("voucher", rng=Stream(0)))
    5
    """

    kind: Literal["delete"] = "delete"

    def places(self, word: str) -> Sequence[int]:
        """Every letter but the first."""
        return [place for place, character in enumerate(word) if place and character in LETTERS]

    def edit(self, characters: list[str], place: int, *, rng: Stream) -> None:
        """Leave the letter out."""
        characters[place] = ""
