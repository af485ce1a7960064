"""A small run as its records: numbered, keyed, in event-time order, with the progress of its shards."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from sim.seeds import rng_for
from streams.delivery import TOPIC_LETTERS, digests
from streams.watch.feed import Chunk

START = 1_767_628_800_000
PARTITIONS = 4
TAG = "7f3a"


@dataclass(frozen=True)
class Record:
    """One record as Kafka holds it."""

    topic: str
    partition: int
    source: int
    number: int
    timestamp: int
    value: bytes


@dataclass
class RecordedRun:
    """Emits records as a publisher would; faults are planted by editing ``records`` afterwards."""

    shards: int = 1
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._next: dict[tuple[str, int], int] = defaultdict(int)

    def emit(self, topic: str, source: int, user: int, at: int, kind: str, **fields: Any) -> Record:
        number = self._next[topic, source]
        self._next[topic, source] += 1
        event_id = f"{TAG}{TOPIC_LETTERS[topic]}{source:05d}-{number:012d}"
        body = {
            "event_id": event_id,
            "kind": kind,
            "occurred_at": at,
            "schema_version": 1,
            "synthetic": True,
            **fields,
        }
        record = Record(topic, user % PARTITIONS, source, number, at, orjson.dumps(body))
        self.records.append(record)
        return record

    def progress(self, *, closed: bool = True, told: list[Record] | None = None) -> list[bytes]:
        """The progress record of every shard over the records so far; shard i has sources i, i + shards, …"""
        told = list(self.records) if told is None else told
        return [self._of_shard(shard, told, closed) for shard in range(self.shards)]

    def _of_shard(self, shard: int, told: list[Record], closed: bool) -> bytes:
        own = [record for record in told if record.source % self.shards == shard]
        parts = defaultdict(list)
        nexts: dict[tuple[str, int], int] = defaultdict(int)
        for record in own:
            parts[record.topic, record.partition].append(record)
            nexts[record.topic, record.source] = max(nexts[record.topic, record.source], record.number + 1)
        return orjson.dumps(
            {
                "event_id": f"{TAG}p{shard:05d}-000000000000",
                "kind": "closed" if closed else "progress",
                "occurred_at": max((record.timestamp for record in own), default=START),
                "schema_version": 1,
                "synthetic": True,
                "shard": f"{shard}/{self.shards}",
                "tick": 1,
                "at": max((record.timestamp for record in told), default=START) + 1,
                "published": [
                    {
                        "topic": topic,
                        "partition": partition,
                        "count": len(rows),
                        "digest": str(digest_of(rows)),
                    }
                    for (topic, partition), rows in parts.items()
                ],
                "sources": [{"topic": t, "source": s, "next": n} for (t, s), n in nexts.items()]
                if closed
                else [],
            }
        )


def digest_of(rows: list[Record]) -> int:
    """Sum of the rows' digests modulo 2**64, added one by one."""
    columns = np.array([[row.source, row.number] for row in rows], dtype=np.int64).T
    return sum(digests(*columns).tolist()) % 2**64


def busy_run(
    seed: int, *, count: int = 600, sources: int = 3, shards: int = 1, start: int = START
) -> RecordedRun:
    """Journeys of some viewers, and a few records on the other topics."""
    rng = rng_for(seed, "busy run")
    run = RecordedRun(shards)
    times = np.sort(rng.integers(0, 3_600_000, count)) + start
    for at in times.tolist():
        source, user = int(rng.integers(sources)), int(rng.integers(40))
        topic = str(rng.choice(["journeys", "content", "truth"], p=[0.8, 0.1, 0.1]))
        run.emit(topic, source, user, at, "play", user_id=f"u{user:08d}")
    return run


def chunks(records: list[Record], *, size: int = 50) -> list[Chunk]:
    """The records as a feed gives them: by partition, in order of arrival, some at a time."""
    found = []
    offsets: dict[tuple[str, int], int] = defaultdict(int)
    for start in range(0, len(records), size):
        parts = defaultdict(list)
        for record in records[start : start + size]:
            parts[record.topic, record.partition].append(record)
        for place, rows in parts.items():
            first = offsets[place]
            offsets[place] += len(rows)
            columns = np.arange(first, first + len(rows)), np.array([row.timestamp for row in rows])
            found.append(Chunk(*place, *columns, [row.value for row in rows]))
    return found


def progress_chunk(values: list[bytes]) -> Chunk:
    """Progress records as the feed gives them."""
    return Chunk("audit", 0, np.arange(len(values)), np.full(len(values), START), list(values))
