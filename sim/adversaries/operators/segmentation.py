"""Dots, hyphens and spaces between letters."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from sim.adversaries.operator import Insertion

__all__ = ["Segmentation"]


class Segmentation(Insertion):
    """Takes a word apart by dots, hyphens, underscores or spaces.

    The added-spaces functional test of HateCheck (Röttger et al. 2021, F28).

    >>> from sim.seeds import Stream
    >>> len(Segmentation(strength=1).apply("offer", rng=Stream(0)))
    9
    """

    kind: Literal["segmentation"] = "segmentation"
    marks: ClassVar[Sequence[str]] = (".", "-", " ", "_")
