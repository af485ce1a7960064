"""Hate against an invented group."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Hate"]


class Hate(Policy):
    """Attacks people for belonging to a group; the group and the slurs are invented.

    The functions are those of HateCheck (Röttger et al. 2021); its spelling variations are operators here.

    >>> "counterspeech_quote" in Hate.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    openai: ClassVar[str] = "hate"
    ailuminate: ClassVar[str] = "hte"
    codes: ClassVar[range] = range(0x2000, 0x2100)
    lexemes: ClassVar[tuple[str, ...]] = ("insult", "group")

    kind: Literal["hate"] = "hate"
