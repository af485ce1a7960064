"""Letters that lie beside the right ones on a keyboard."""

from collections.abc import Sequence
from typing import Literal

from sim.adversaries.lossy import LetterEdits
from sim.adversaries.operator import LETTERS
from sim.seeds import Stream

__all__ = ["Keyboard"]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFTS = (-1, 0)
"""Where the keys of a row's upper neighbours begin: each row of QWERTY stands half a key to the right."""


def _neighbours() -> dict[str, str]:
    beside: dict[str, str] = {}
    for height, row in enumerate(_ROWS):
        above = _ROWS[height - 1] if height else ""
        below = _ROWS[height + 1] if height + 1 < len(_ROWS) else ""
        for place, letter in enumerate(row):
            near = row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
            near += above[place : place + 2] + below[max(place - 1, 0) : place + 1]
            beside[letter], beside[letter.upper()] = near, near.upper()
    return beside


_NEIGHBOURS = _neighbours()


class Keyboard(LetterEdits):
    """Hits the key beside the right one (QWERTY).

    Typing errors as in Belinkov and Bisk 2018, "Synthetic and Natural Noise Both Break Neural Machine Translation".

    >>> from sim.seeds import Stream
    >>> word = Keyboard(strength=1).apply("voucher", rng=Stream(0))
    >>> sum(a != b for a, b in zip(word, "voucher"))
    2
    """

    kind: Literal["keyboard"] = "keyboard"

    def places(self, word: str) -> Sequence[int]:
        """Every letter."""
        return [place for place, character in enumerate(word) if character in LETTERS]

    def edit(self, characters: list[str], place: int, *, rng: Stream) -> None:
        """Put a neighbouring letter in its place."""
        characters[place] = rng.one(_NEIGHBOURS[characters[place]])
