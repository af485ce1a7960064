"""Commits: when a run says how far it has got, and what it says then."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import Tick
from streams.progress import Progress
from streams.publish.checkpoints import Checkpoints
from streams.publish.ledger import Ledger
from streams.publish.records import Records
from streams.publish.sinks.sink import RecordSink
from streams.tracing import span

__all__ = ["Commits"]

_MOST_RECORDS = 250_000
"""Records in a commit before it ends within a tick, whatever the pace: they are kept until it has ended."""


@dataclass
class Commits:
    """Counts what is sent of each tick, and tells the sink about every ``every_s`` seconds of wall time.

    At full speed that is at the end of a tick, so that most ticks are whole; when ``paced``, also within one: the
    records of a long tick must not wait for its end to be readable.
    """

    sink: RecordSink
    ledger: Ledger
    every_s: float
    at: int
    """Simulated time before which everything was sent."""
    tick: int
    clock: Callable[[], float] = time.monotonic
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What stands in every record beside the progress."""
    checkpoints: Checkpoints | None = None
    measured: Callable[[], Mapping[str, Any]] = dict
    """What was measured since the record before, asked for at each."""

    def __post_init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self._leaves: dict[str, NDArray[np.int64]] = {}
        self._end, self._cut = self.at, True
        self._uncommitted = 0
        self._told_at = self.clock()

    def go_on_from(self, progress: Progress) -> None:
        """Begin where an earlier process of the shard ended."""
        self.ledger.go_on_from(progress)
        self.tick, self.at, self.rows = progress.tick, progress.at, Counter(progress.rows)
        self._end = progress.at

    def begin(self, tick: Tick, end: int, topics: list[Records]) -> list[Records]:
        """Begin a tick, of which nothing leaves at ``end`` or later; what is still to be sent of it."""
        if tick.index != self.tick:
            self.tick, self.rows = tick.index, Counter()
        self._end, self._cut = end, end < tick.end
        self._leaves = {records.topic: records.leaves for records in topics}
        left = [records[self.rows[records.topic] :] for records in topics]
        return [records for records in left if len(records)]

    def sent(self, records: Records) -> None:
        """Note that these were sent."""
        self.ledger.enter(records)
        self.rows[records.topic] += len(records)
        self._uncommitted += len(records)

    def consider(self, *, paced: bool) -> None:
        """Within a tick: commit if the time has come."""
        if self._uncommitted >= _MOST_RECORDS or (paced and self._uncommitted and self._due()):
            self._tell("progress")

    def end_tick(self) -> None:
        """At a tick's end: commit if the time has come."""
        if self._due():
            self._tell("progress")

    def close(self) -> None:
        """The last commit of this process."""
        self._tell("closed")

    def _due(self) -> bool:
        return self.clock() - self._told_at >= self.every_s

    def _tell(self, kind: str) -> None:
        self.at = max(self.at, min(self._left(), default=self._end))
        record = self.ledger.progress(
            kind=kind,
            tick=self.tick,
            at=self.at,
            rows=self.rows,
            **self.facts,
            **self.measured(),
            **self._checkpoint(),
        )
        with span("commit", greenroom__tick=self.tick, greenroom__records=self._uncommitted):
            self.sink.progress(record)
        self._uncommitted, self._told_at = 0, self.clock()
        if self.checkpoints is not None:
            self.checkpoints.committed()

    @property
    def next_tick(self) -> int:
        """The first tick of which anything is still to be sent."""
        return self.tick if self._cut or self._left() else self.tick + 1

    def _checkpoint(self) -> dict[str, Any]:
        address = self.checkpoints.newest(self.next_tick) if self.checkpoints is not None else None
        return {} if address is None else {"checkpoint": address.model_dump()}

    def _left(self) -> list[int]:
        """When the next record leaves, on each topic that has any left of this tick."""
        return [
            int(leaves[self.rows[topic]])
            for topic, leaves in self._leaves.items()
            if self.rows[topic] < len(leaves)
        ]
