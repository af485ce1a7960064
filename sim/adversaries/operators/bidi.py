"""Letters in another order that direction marks put right again on the screen."""

from typing import ClassVar, Literal

from sim.adversaries.operator import LETTERS, WordOperator, touched
from sim.seeds import Stream

__all__ = ["Bidi"]

_OVERRIDE, _END = "\u202e", "\u202c"


class Bidi(WordOperator):
    """Swaps pairs of letters and wraps them in a right-to-left override, which shows them in the first order.

    Reordering as in Boucher and Anderson 2023, "Trojan Source" (UAX 9: U+202E to U+202C). A word that already has
    an override stays as it is, since overrides within each other do not turn text twice.

    >>> from sim.seeds import Stream
    >>> ascii(Bidi(strength=1).apply("ab", rng=Stream(0)))
    "'\\\\u202eba\\\\u202c'"
    """

    kind: Literal["bidi"] = "bidi"
    sort: ClassVar[Literal["lossless", "lossy", "structural"]] = "lossless"

    def apply(self, word: str, *, rng: Stream) -> str:
        """The word with some of its pairs of letters turned, ``strength`` being their part of all pairs."""
        pairs = [] if _OVERRIDE in word else _pairs(word)
        count = touched(self.strength, len(pairs))
        if not count:
            return word
        characters = list(word)
        for chosen in rng.sample(count, of=len(pairs)):
            place = pairs[chosen]
            characters[place : place + 2] = _OVERRIDE + word[place + 1], word[place] + _END
        return "".join(characters)


def _pairs(word: str) -> list[int]:
    """Where pairs of letters begin that do not overlap."""
    pairs, place = [], 0
    while place < len(word) - 1:
        if word[place] in LETTERS and word[place + 1] in LETTERS:
            pairs.append(place)
            place += 1
        place += 1
    return pairs
