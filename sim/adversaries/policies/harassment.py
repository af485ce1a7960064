"""Harassment of a person."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Harassment"]


class Harassment(Policy):
    """Insults and hounds a person, who is an invented handle.

    >>> Harassment.templates().hard_negatives["banter"].twin
    'direct_insult'
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    openai: ClassVar[str] = "harassment"
    codes: ClassVar[range] = range(0x1000, 0x1100)
    lexemes: ClassVar[tuple[str, ...]] = ("insult",)

    kind: Literal["harassment"] = "harassment"
