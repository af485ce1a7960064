"""Claims that the facts of an invented country contradict."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Misinformation"]


class Misinformation(Policy):
    """Claims about invented countries that their table of facts contradicts (:mod:`sim.adversaries.countries`).

    >>> "correction" in Misinformation.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS"
    ailuminate: ClassVar[str] = "spc_ele"
    codes: ClassVar[range] = range(0x7000, 0x7100)
    lexemes: ClassVar[tuple[str, ...]] = ("country",)

    kind: Literal["misinformation"] = "misinformation"
