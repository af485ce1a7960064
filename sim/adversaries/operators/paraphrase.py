"""The same said in another way."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from sim.adversaries.operator import Frame, FrameOperator
from sim.seeds import Stream

__all__ = ["Paraphrase"]


class Paraphrase(FrameOperator):
    """Takes another template of the same function: at full strength the one with the fewest words in common.

    The table is the function's own templates, all of one label. Paraphrase is the attack that semantic
    near-duplicate detection meets (Krishna et al. 2023, "Paraphrasing evades detectors"). Only templates with the
    same slots are taken, so that nothing that is said gets lost.

    >>> variants = ("Free {lure} today", "Today only: a {lure}", "{lure} for all, free")
    >>> Paraphrase(strength=1).reworded(Frame(variants[0]), variants=variants, language="en", rng=Stream(0)).text
    '{lure} for all, free'
    """

    kind: Literal["paraphrase"] = "paraphrase"

    def reworded(self, frame: Frame, *, variants: Sequence[str], language: str, rng: Stream) -> Frame:
        """The variant as far from this one as the strength says."""
        ranked = _ranked(frame.text, tuple(variants))
        return frame._replace(text=ranked[round(self.strength * (len(ranked) - 1))])

    def preserves(self, before: Frame, after: Frame) -> bool:
        """Whether the same slots are there."""
        return _slots(_words(before.text)) == _slots(_words(after.text)) and before.in_image == after.in_image


@lru_cache(maxsize=4096)
def _ranked(text: str, variants: tuple[str, ...]) -> tuple[str, ...]:
    """The text, and the variants with the same slots, from the likest on; the text alone if it is none of them."""
    own = _words(text)
    known = [one for one in dict.fromkeys(variants) if _slots(_words(one)) == _slots(own)]
    ranked = sorted(known, key=lambda one: (one != text, -_likeness(own, _words(one)), one))
    return tuple(ranked) if text in known else (text,)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip(".,:;!?¿¡").casefold() for word in text.split())


def _slots(words: frozenset[str]) -> frozenset[str]:
    return frozenset(part for word in words for part in word.replace("}", "{").split("{")[1::2])


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard's coefficient of two sets of words."""
    return len(first & second) / len(first | second)
