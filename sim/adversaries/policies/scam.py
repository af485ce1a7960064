"""Scams that promise or threaten something to have a link followed."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Scam"]


class Scam(Policy):
    """Deceives for gain; brands are invented and links end in .test.

    >>> sorted(Scam.templates().violating)
    ['account_alert', 'fee_first', 'giveaway', 'returns']
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    openai: ClassVar[str] = "illicit"
    ailuminate: ClassVar[str] = "ncr"
    codes: ClassVar[range] = range(0x8000, 0x8100)
    lexemes: ClassVar[tuple[str, ...]] = ("brand",)

    kind: Literal["scam"] = "scam"
