"""Spam, and the texts of coordinated behaviour."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Spam"]


class Spam(Policy):
    """Unwanted repetition for reach; what a coordinated campaign posts may be harmless word by word.

    >>> "follow_chain" in Spam.templates().violating
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    codes: ClassVar[range] = range(0x9000, 0x9100)
    lexemes: ClassVar[tuple[str, ...]] = ("brand",)

    kind: Literal["spam"] = "spam"
