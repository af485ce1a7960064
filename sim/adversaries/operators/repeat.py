"""Letters written twice."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.lossy import LetterEdits
from sim.adversaries.operator import LETTERS
from sim.seeds import Stream

__all__ = ["Repeat"]


class Repeat(LetterEdits):
    """Writes letters twice, as people do for emphasis.

    Lengthening in social media: Brody and Diakopoulos 2011, "Cooooooooooooooollllllllllllll!!!!!!!!!!!!!!".

    >>> from sim.seeds import Stream
    >>> len(Repeat(strength=1).apply("voucher", rng=Stream(0)))
    9
    """

    kind: Literal["repeat"] = "repeat"

    def places(self, word: str) -> Sequence[int]:
        """Every letter."""
        return [place for place, character in enumerate(word) if character in LETTERS]

    def edit(self, characters: list[str], place: int, *, rng: Stream) -> None:
        """Write the letter twice."""
        characters[place] *= 2
