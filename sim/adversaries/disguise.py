"""Disguises: chains of operators, each of whose outputs must keep the label or is drawn anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sim.adversaries.lexicon import Lexicon
from sim.adversaries.operator import Frame, FrameOperator, Operator, WordOperator, operator
from sim.seeds import Stream

__all__ = ["Disguise", "disguise_of"]

_DRAWS = 4
"""Draws before an operator is made half as strong."""
_WEAKENINGS = 4
"""Times that it is halved before it is left out."""

OperatorType = TypeVar("OperatorType", bound=Operator)


@dataclass(frozen=True)
class Disguise:
    """A chain of operators, in order: those for words in slots, and those for what stands around them.

    >>> chain = disguise_of((("leet", 1.0), ("zero_width", 1.0), ("benign_padding", 0.5)))
    >>> word = chain.word("voucher", lexicon=Lexicon(["voucher", "tablet"]), rng=Stream(7))
    >>> Lexicon(["voucher", "tablet"]).decode(word)
    'voucher'
    """

    words: tuple[WordOperator, ...]
    frames: tuple[FrameOperator, ...]

    def word(self, word: str, *, lexicon: Lexicon, rng: Stream) -> str:
        """The word disguised; it reads as itself, and as no other word of the lexicon.

        An operator whose output does not is drawn again, then made weaker, and at last left out.
        """
        disguised = word
        for place, one in enumerate(self.words):
            disguised = _kept(one, word, disguised, lexicon, rng.at(place))
        return disguised

    def frame(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The frame rewritten; an operator whose output does not keep the label is left out."""
        for place, one in enumerate(self.frames):
            after = one.reworded(frame, variants=variants, language=language, rng=rng.at(place))
            frame = after if one.preserves(frame, after) else frame
        return frame


@lru_cache(maxsize=4096)
def disguise_of(chain: tuple[tuple[str, float], ...]) -> Disguise:
    """The disguise of a recipe's chain: kinds and strengths in order."""
    operators = [operator(kind, strength) for kind, strength in chain]
    return Disguise(
        tuple(one for one in operators if isinstance(one, WordOperator)),
        tuple(one for one in operators if isinstance(one, FrameOperator)),
    )


def _kept(one: WordOperator, word: str, before: str, lexicon: Lexicon, rng: Stream) -> str:
    """What the operator makes of a word that may be disguised already."""
    for _weakening in range(_WEAKENINGS):
        for _ in range(_DRAWS):
            after = one.apply(before, rng=rng)
            if one.preserves(before, after) and (one.sort == "lossless" or lexicon.keeps(word, after)):
                return after
        weaker = operator(one.kind, one.strength / 2)
        assert isinstance(weaker, WordOperator)
        one = weaker
    return before
