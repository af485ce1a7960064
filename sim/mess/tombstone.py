"""Unexpected tombstones."""

from typing import Literal

from sim.fate import Fate
from sim.mess.spoiling import Spoiling

__all__ = ["Tombstone"]


class Tombstone(Spoiling):
    """Records without a value where nothing has ended.

    On a compacted topic (``audience``, ``catalog``) a null value is legal and deletes its key, so that whoever keeps a
    table of the topic loses somebody who is still there. On the others it is legal for the broker and means nothing;
    consumers that do not expect it fail. The key and the header ``ce_id`` still tell which record it was.

    >>> Tombstone(topics=("catalog",)).topics
    ('catalog',)
    """

    kind: Literal["tombstone"] = "tombstone"

    fates = (Fate.TOMBSTONE,)
