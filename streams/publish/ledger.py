"""The ledger: what a shard has published, by topic and partition, so that a reader can prove the delivery."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.progress import Progress
from streams.publish.records import Records

__all__ = ["Ledger"]

_MOST_SOURCES = 50_000
"""Numbers that one record may hold; it must stay well below what brokers take."""


class Ledger:
    """Counts and digests of all records handed over since the shard began."""

    def __init__(self, shard: tuple[int, int], tag: str) -> None:
        self.shard, self._tag, self._source = f"{shard[0]}/{shard[1]}", tag, shard[0]
        self._counts: dict[str, NDArray[np.int64]] = {}
        self._digests: dict[str, NDArray[np.uint64]] = {}
        # The number after the last of each source, by topic; None if an earlier process knows some that we do not.
        self._nexts: dict[str, NDArray[np.int64]] | None = {}
        self._written = 0

    def go_on_from(self, progress: Progress) -> None:
        """Begin with what an earlier process of the shard has committed."""
        self._written = progress.number + 1
        self._nexts = None if progress.published else {}
        for part in progress.published:
            size = part.partition + 1
            self._counts[part.topic] = _grown(self._counts.get(part.topic), size, np.int64)
            self._digests[part.topic] = _grown(self._digests.get(part.topic), size, np.uint64)
            self._counts[part.topic][part.partition] = part.count
            self._digests[part.topic][part.partition] = part.digest

    @property
    def published(self) -> dict[str, int]:
        """Records by topic."""
        return {topic: int(counts.sum()) for topic, counts in self._counts.items()}

    def enter(self, records: Records) -> None:
        """Count records that were handed over, or dropped as planned; a planted copy was counted before."""
        most = int(records.partition.max(initial=0)) + 1
        counts = _grown(self._counts.get(records.topic), most, np.int64)
        digests = _grown(self._digests.get(records.topic), most, np.uint64)
        counted = records.counted
        counts[:most] += np.bincount(records.partition[counted], minlength=most)
        # Addition wraps at 2**64, which is the point: the digest of a set does not depend on its order.
        np.add.at(digests, records.partition[counted], records.digest[counted])
        self._counts[records.topic], self._digests[records.topic] = counts, digests
        if (
            self._nexts is not None
            and records.source is not None
            and records.number is not None
            and len(records)
        ):
            nexts = _grown(self._nexts.get(records.topic), int(records.source.max()) + 1, np.int64)
            np.maximum.at(nexts, records.source, records.number + 1)
            self._nexts[records.topic] = nexts

    def progress(
        self, *, kind: str, tick: int, at: int, rows: Mapping[str, int], **more: Any
    ) -> dict[str, Any]:
        """The shard's next record on the audit topic: everything published so far.

        ``rows`` of ``tick`` have been sent, by topic; everything that leaves before ``at`` has. ``more`` is added.
        """
        record = {
            "event_id": f"{self._tag}p{self._source:05d}-{self._written:012d}",
            "kind": kind,
            "occurred_at": at,
            "schema_version": 1,
            "synthetic": True,
            "shard": self.shard,
            "tick": tick,
            "rows": dict(rows),
            "at": at,
            "published": self._published(),
            **({"numbered": self._numbered()} if kind == "closed" else {}),
            **more,
        }
        self._written += 1
        return record

    def _numbered(self) -> dict[str, list[int]]:
        """For each topic, how many records each of the shard's sources has: of source i, i + n, i + 2n and so on."""
        shard, shards = map(int, self.shard.split("/"))
        told = {topic: nexts[shard::shards].tolist() for topic, nexts in sorted((self._nexts or {}).items())}
        return told if sum(map(len, told.values())) <= _MOST_SOURCES else {}

    def _published(self) -> list[dict[str, Any]]:
        return [
            {"topic": topic, "partition": partition, "count": count, "digest": str(digest)}
            for topic, counts in sorted(self._counts.items())
            for partition, (count, digest) in enumerate(
                zip(counts.tolist(), self._digests[topic].tolist(), strict=True)
            )
            if count
        ]


def _grown(column: NDArray[Any] | None, size: int, dtype: Any) -> NDArray[Any]:
    if column is None:
        return np.zeros(size, dtype=dtype)
    return (
        column if len(column) >= size else np.concatenate([column, np.zeros(size - len(column), dtype=dtype)])
    )
