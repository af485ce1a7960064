"""Dropped records."""

from typing import Literal

from sim.fate import Fate
from sim.mess.spoiling import Spoiling

__all__ = ["Dropped"]


class Dropped(Spoiling):
    """Records that never arrive: numbered and counted as published, and not sent.

    >>> Dropped(rate=0.02, at="1h", lasts="5m").rate
    0.02
    """

    kind: Literal["dropped"] = "dropped"

    fates = (Fate.DROPPED,)
