"""Letters of other scripts that look alike."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from sim.adversaries.confusables import LOOKALIKES
from sim.adversaries.operator import CharacterOperator

__all__ = ["Homoglyph"]


class Homoglyph(CharacterOperator):
    """Replaces Latin letters by those of other scripts that look alike.

    Unicode's confusables (UTS 39); one of the attacks of Boucher et al. 2022, "Bad Characters".

    >>> from sim.seeds import Stream
    >>> Homoglyph(strength=1).apply("ace", rng=Stream(0)).isascii()
    False
    """

    kind: Literal["homoglyph"] = "homoglyph"
    stand_ins: ClassVar[Mapping[str, Sequence[str]]] = LOOKALIKES
