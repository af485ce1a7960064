"""Capitals for small letters, and the other way round."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import LETTERS, CharacterOperator

__all__ = ["Case"]


class Case(CharacterOperator):
    """Turns capitals into small letters and small letters into capitals, against classifiers that mind case.

    Random capitalisation as in CheckList's perturbations (Ribeiro et al. 2020).

    >>> from sim.seeds import Stream
    >>> Case(strength=1).apply("Offer", rng=Stream(0))
    'oFFER'
    """

    kind: Literal["case"] = "case"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = {
        letter: letter.swapcase() for letter in sorted(LETTERS)
    }
