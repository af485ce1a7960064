"""Announcements of self-harm, by an invented marker word and without any method."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["SelfHarm"]


class SelfHarm(Policy):
    """Announces or encourages self-harm; a marker word stands for it, and no method is ever named.

    >>> "recovery" in SelfHarm.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_SELF_HARM"
    openai: ClassVar[str] = "self-harm"
    ailuminate: ClassVar[str] = "ssh"
    codes: ClassVar[range] = range(0x5000, 0x5100)
    lexemes: ClassVar[tuple[str, ...]] = ("marker",)

    kind: Literal["self_harm"] = "self_harm"
