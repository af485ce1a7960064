"""Support for a violent movement, which is an invented order with invented signs."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["ViolentExtremism"]


class ViolentExtremism(Policy):
    """Praises, recruits for or shows the signs of a violent order; orders and signs are invented.

    >>> "news" in ViolentExtremism.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"
    openai: ClassVar[str] = "violence"
    codes: ClassVar[range] = range(0x3000, 0x3100)
    lexemes: ClassVar[tuple[str, ...]] = ("order",)

    kind: Literal["violent_extremism"] = "violent_extremism"
