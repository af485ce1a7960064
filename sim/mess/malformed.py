"""Malformed records."""

from typing import Literal

from sim.fate import Fate
from sim.mess.spoiling import Spoiling

__all__ = ["Malformed"]


class Malformed(Spoiling):
    """Records that nobody can read: torn off before their event id ends, or garbled.

    >>> Malformed(topics=("content",)).topics
    ('content',)
    """

    kind: Literal["malformed"] = "malformed"

    fates = (Fate.TRUNCATED, Fate.GARBLED)
