"""Disguises: chains of operators, each of whose outputs must keep the label or is drawn anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar
from zlib import crc32

from sim.adversaries.grammar import forms
from sim.adversaries.lexicon import Lexicon
from sim.adversaries.operator import Frame, FrameOperator, Operator, WordOperator, operator
from sim.adversaries.reserved import outside_reserved
from sim.adversaries.wordlists import is_blocked
from sim.seeds import Stream

__all__ = ["Chain", "Disguise", "disguise_of", "disguised", "reframed"]

Chain = tuple[tuple[str, float], ...]
"""Kinds and strengths of operators, in the order in which they act."""

_DRAWS = 4
"""Draws before an operator is made half as strong."""
_WEAKENINGS = 4
"""Times that it is halved before it is left out."""

_PARTS = re.compile(r"[^\W\d_]{3,}")
_NO_RIVALS = Lexicon(())
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


def disguised(word: str, slot: str, chain: Chain, *, seed: int) -> str:
    """The word of a slot after all operators of the chain that act on words.

    >>> disguised("voucher", "lure", (("case", 1.0),), seed=7).lower()
    'voucher'
    """
    return disguise_of(chain).word(
        word, lexicon=_lexicon_for(word), rng=Stream(seed).at(crc32(slot.encode()))
    )


def reframed(frame: Frame, variants: Sequence[str], language: str, chain: Chain, *, seed: int) -> Frame:
    """The frame after all operators of the chain that act on frames."""
    chosen = disguise_of(chain)
    if not chosen.frames:
        return frame
    return chosen.frame(frame, variants=variants, language=language, rng=Stream(seed))


def _keeps(one: WordOperator, word: str, before: str, after: str, lexicon: Lexicon) -> bool:
    """Whether the word still reads as itself; no part of it is a blocked word or looks like somebody's address."""
    if not one.preserves(before, after) or not _may_be_written(after):
        return False
    return one.sort == "lossless" or lexicon.keeps(word, after)


# The gate writes every text twice: what has been judged once is known the second time.
@lru_cache(maxsize=4096)
def _may_be_written(word: str) -> bool:
    return not outside_reserved(word) and not any(map(is_blocked, _PARTS.findall(word.casefold())))


def _lexicon_for(word: str) -> Lexicon:
    # Words of open vocabularies (brands) have no rivals but the limit on edits.
    return _invented() if word in forms() else _NO_RIVALS


@cache
def _invented() -> Lexicon:
    return Lexicon(sorted(forms()))


def _kept(one: WordOperator, word: str, before: str, lexicon: Lexicon, rng: Stream) -> str:
    """What the operator makes of a word that may be disguised already."""
    for _weakening in range(_WEAKENINGS):
        for _ in range(_DRAWS):
            after = one.apply(before, rng=rng)
            if _keeps(one, word, before, after, lexicon):
                return after
        weaker = operator(one.kind, one.strength / 2)
        assert isinstance(weaker, WordOperator)
        one = weaker
    return before
