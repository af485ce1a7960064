"""Threats of violence, with an invented verb for what is threatened."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Threat"]


class Threat(Policy):
    """Announces violence to a person; what would be done is an invented verb.

    >>> Threat.templates().hard_negatives["sport"].twin == "direct_threat"
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_VIOLENCE"
    openai: ClassVar[str] = "harassment/threatening"
    ailuminate: ClassVar[str] = "vcr"
    codes: ClassVar[range] = range(0x4000, 0x4100)
    lexemes: ClassVar[tuple[str, ...]] = ("verb",)

    kind: Literal["threat"] = "threat"
