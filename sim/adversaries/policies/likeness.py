"""Deepfakes and stolen works: the likeness or the work of an invented star."""

from typing import ClassVar, Literal

from sim.adversaries.policy import Policy

__all__ = ["Likeness"]


class Likeness(Policy):
    """Uses the face, voice or work of somebody without leave; stars are invented.

    >>> "licensed" in Likeness.templates().hard_negatives
    True
    """

    dsa: ClassVar[str] = "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"
    ailuminate: ClassVar[str] = "ipv"
    codes: ClassVar[range] = range(0xA000, 0xA100)
    lexemes: ClassVar[tuple[str, ...]] = ("star",)

    kind: Literal["likeness"] = "likeness"
