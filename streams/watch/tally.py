"""Tallies: what was read of one partition, by source, so that each shard's part of it can be told."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.delivery import digests

__all__ = ["Tally"]

_FAULTS = ("duplicated", "reordered", "late")
Column = NDArray[np.int64]


class Tally:
    """Distinct records, their digest, and faults, of each source.

    >>> tally = Tally()
    >>> good = np.array([True, True])
    >>> tally.add(np.array([1, 3]), np.array([0, 0]), good, ~good, ~good)
    >>> tally.of_shard(1, 2)["audited"], tally.of_shard(0, 2)["audited"]
    (2, 0)
    """

    def __init__(self) -> None:
        self._counts = np.zeros((1 + len(_FAULTS), 64), dtype=np.int64)
        self._digest = np.zeros(64, dtype=np.uint64)

    def add(
        self,
        source: Column,
        number: Column,
        fresh: NDArray[np.bool_],
        reordered: NDArray[np.bool_],
        late: NDArray[np.bool_],
    ) -> None:
        """Take records; those of one source follow each other."""
        starts = np.flatnonzero(np.diff(source, prepend=-1))
        owner = source[starts]
        self._reserve(int(source[-1]) if (np.diff(owner) > 0).all() else int(owner.max()))
        whole = bool(fresh.all())
        digest = digests(source, number)
        self._digest[owner] += np.add.reduceat(digest if whole else digest * fresh, starts, dtype=np.uint64)
        self._counts[0, owner] += np.add.reduceat(fresh, starts, dtype=np.int64)
        for row, fault in enumerate((~fresh, reordered, late), 1):
            if not whole or fault.any():
                self._counts[row, owner] += np.add.reduceat(fault, starts, dtype=np.int64)

    def _reserve(self, source: int) -> None:
        if (more := source + 1 - len(self._digest)) > 0:
            more = max(more, len(self._digest))
            self._counts = np.pad(self._counts, ((0, 0), (0, more)))
            self._digest = np.pad(self._digest, (0, more))

    @property
    def distinct(self) -> int:
        """Distinct records of all sources."""
        return int(self._counts[0].sum())

    @property
    def digest(self) -> int:
        """Sum of the digests of all distinct records, modulo 2**64."""
        return int(np.add.reduce(self._digest, dtype=np.uint64))

    def of_shard(self, shard: int, shards: int) -> dict[str, Any]:
        """Counts of the sources of one shard, by what became of the records, and their ``digest``."""
        counts = self._counts[:, shard::shards].sum(axis=1).tolist()
        digest = int(np.add.reduce(self._digest[shard::shards], dtype=np.uint64))
        return {**dict(zip(("audited", *_FAULTS), counts, strict=True)), "digest": digest}
