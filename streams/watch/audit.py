"""The delivery audit: proof, from what is read back, that everything arrived once, whole and in order."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.durations import MINUTE
from streams.delivery import digests
from streams.watch.numbers import NumberSet
from streams.watch.progress import Ledger
from streams.watch.sequence import Order, grouped
from streams.watch.verdict import Counts, Loss, Verdict

__all__ = ["DeliveryAudit"]

_PIECE = 1 << 18
_EXAMPLES = 20
_LOSSES = 1000

Column = NDArray[np.int64]


@dataclass
class _Part:
    """What was read of one partition of a topic."""

    distinct: int = 0
    digest: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    numbers: dict[int, Order] = field(default_factory=lambda: defaultdict(Order))
    times: dict[int, Order] = field(default_factory=lambda: defaultdict(Order))


class DeliveryAudit:
    """Compares what is read back with what the shards say that they published. Pure: it is fed columns.

    >>> audit = DeliveryAudit()
    >>> tag, source, number, time = np.zeros(3, int), np.full(3, 5), np.array([0, 2, 1]), np.arange(3)
    >>> audit.observe("journeys", 0, np.arange(3), tag, source, number, time).tolist()
    [True, True, True]
    >>> audit.verdict().total.reordered
    1
    """

    def __init__(self, *, lateness_tolerance_ms: int = MINUTE) -> None:
        """A record is late when its timestamp lies further than the tolerance behind its source's newest."""
        self.ledger = Ledger()
        self._tolerance = lateness_tolerance_ms
        self._parts: dict[tuple[str, int], _Part] = defaultdict(_Part)
        self._seen: dict[tuple[str, int], NumberSet] = defaultdict(NumberSet)
        self._examples: dict[str, list[str]] = defaultdict(list)
        self._removed: dict[str, int] = {}

    def observe(
        self,
        topic: str,
        partition: int,
        offset: Column,
        tag: Column,
        source: Column,
        number: Column,
        timestamp: Column,
    ) -> NDArray[np.bool_]:
        """Take records of one partition, by offset; True where a record comes for the first time.

        ``timestamp`` is Kafka's, in milliseconds; the other columns are the parts of the event ids.
        """
        fresh = np.zeros(len(source), dtype=np.bool_)
        for start in range(0, len(source), _PIECE):
            piece = slice(start, start + _PIECE)
            for one_tag in np.unique(tag[piece]).tolist():
                rows = np.flatnonzero(tag[piece] == one_tag) + start
                rows = rows[grouped(source[rows])]
                columns = (column[rows] for column in (offset, source, number, timestamp))
                fresh[rows] = self._observe(topic, partition, one_tag, *columns)
        return fresh

    def _observe(
        self,
        topic: str,
        partition: int,
        tag: int,
        offset: Column,
        source: Column,
        number: Column,
        timestamp: Column,
    ) -> NDArray[np.bool_]:
        part = self._parts[topic, partition]
        fresh = self._seen[topic, tag].add(source, number)
        reordered = fresh & (part.numbers[tag].behind(source, number) > 0)
        late = fresh & (part.times[tag].behind(source, timestamp) > self._tolerance)
        part.distinct += int(np.count_nonzero(fresh))
        part.digest = (part.digest + _digest_sum(source[fresh], number[fresh])) % 2**64
        for fault, found in (("duplicated", ~fresh), ("reordered", reordered), ("late", late)):
            self._note(fault, topic, partition, offset[found])
        return fresh

    def unreadable(self, topic: str, partition: int, offset: Column) -> None:
        """Take records that have no event id of their topic, by their offsets."""
        self._note("corrupted", topic, partition, offset)

    def tombstones(self, topic: str, partition: int, count: int) -> None:
        """Take so many records without a value: those with an event id in a header were observed as any other."""
        self._parts[topic, partition].faults["tombstones"] += count

    def note_first_offsets(self, first: Mapping[tuple[str, int], int]) -> None:
        """Take where each (topic, partition) begins: what lay before has been removed from the broker."""
        self._removed = {
            topic: removed
            for topic in sorted({topic for topic, _ in first})
            if (removed := sum(offset for (of_topic, _), offset in first.items() if of_topic == topic))
        }

    def _note(self, fault: str, topic: str, partition: int, offset: Column) -> None:
        if len(offset):
            self._parts[topic, partition].faults[fault] += len(offset)
            room = _EXAMPLES - len(self._examples[fault])
            self._examples[fault] += [
                f"{topic}/{partition}@{place}" for place in np.sort(offset)[:room].tolist()
            ]

    @property
    def distinct(self) -> int:
        """Distinct records read so far."""
        return sum(part.distinct for part in self._parts.values())

    @property
    def pages(self) -> int:
        """Pages of numbers held in memory, each with a number missing: see :class:`NumberSet`."""
        return sum(seen.pages for seen in self._seen.values())

    @property
    def complete(self) -> bool:
        """True once every shard has closed and as many records were read as they published."""
        return self.ledger.all_closed and all(
            self._distinct(place) >= count for place, (count, _) in self.ledger.published.items()
        )

    def _distinct(self, place: tuple[str, int]) -> int:
        return self._parts[place].distinct if place in self._parts else 0

    def reached(self, topic: str, partition: int) -> bool:
        """True if everything that the shards have told of was read from this partition."""
        count, _ = self.ledger.published.get((topic, partition), (0, 0))
        return self._distinct((topic, partition)) >= count

    def verdict(self, *, settled: bool = True) -> Verdict:
        """What became of the records; unless ``settled``, what has not been read yet is pending, not lost."""
        closed = self.ledger.all_closed
        published = self.ledger.published
        topics: dict[str, Counts] = defaultdict(Counts)
        for place in sorted({*published, *self._parts}):
            count, _ = published.get(place, (0, 0))
            part = self._parts[place] if place in self._parts else _Part()
            absent = {"lost" if settled else "pending": max(0, count - part.distinct)}
            topics[place[0]] += Counts(published=count, audited=part.distinct, **absent, **part.faults)
        losses: tuple[Loss, ...] = ()
        if settled and closed:
            losses = tuple(islice(self._losses(), _LOSSES))
            topics = {topic: self._attributed(topic, counts) for topic, counts in topics.items()}
        return Verdict(dict(topics), losses, tuple(self._doubts(settled=settled)), dict(self._examples))

    def _attributed(self, topic: str, counts: Counts) -> Counts:
        """Counts with lost and foreign records told apart, by the sources' numbers if they are known."""
        sources = self.ledger.sources
        if sources is None:
            lost, foreign = counts.lost, counts.audited + counts.lost - counts.published
        else:
            lost = sum(last - first + 1 for loss in self._losses(topic) for first, last in loss.ranges)
            foreign = self._foreign(topic, sources)
        wrong = self._digest_mismatches(topic) if lost == foreign == 0 else 0
        found = counts.as_json() | {"lost": lost, "corrupted": counts.corrupted + foreign + wrong}
        return Counts(**found | {"audited": counts.audited - foreign})

    def _losses(self, topic: str | None = None) -> Iterator[Loss]:
        for (of_topic, tag), nexts in (self.ledger.sources or {}).items():
            if topic in (None, of_topic):
                seen = self._seen[of_topic, int(tag or "0", 16)]
                for source, upto in nexts.items():
                    if ranges := tuple(seen.missing(source, upto)):
                        yield Loss(of_topic, source, ranges)

    def _foreign(self, topic: str, sources: dict[tuple[str, str], dict[int, int]]) -> int:
        """Distinct records that no shard published: an unknown source, or a number that was never reached."""
        return sum(
            seen.seen_from(source, sources.get((topic, f"{tag:04x}"), {}).get(source, 0))
            for (of_topic, tag), seen in self._seen.items()
            if of_topic == topic
            for source in seen.distinct
        )

    def _digest_mismatches(self, topic: str) -> int:
        return sum(
            count == self._distinct(place) and digest != (self._parts[place].digest if count else 0)
            for place, (count, digest) in self.ledger.published.items()
            if place[0] == topic
        )

    def _doubts(self, *, settled: bool) -> Iterator[str]:
        ledger = self.ledger
        if not ledger.shards:
            yield "no shard has reported what it published"
        if missing := ledger.missing_shards():
            yield f"these shards have not reported: {', '.join(missing)}"
        if open_shards := ledger.open_shards:
            yield f"these shards have not closed: {', '.join(open_shards)}"
        for topic, count in self._removed.items():
            yield f"{topic}: the broker has removed {count:,} records (retention or compaction)"
        if ledger.all_closed and settled:
            yield from self._unproven_parts()

    def _unproven_parts(self) -> Iterator[str]:
        for place in sorted({*self.ledger.published, *self._parts}):
            count, digest = self.ledger.published.get(place, (0, 0))
            part = self._parts[place] if place in self._parts else _Part()
            where = f"{place[0]}/{place[1]}"
            if count != part.distinct:
                yield f"{where}: {count:,} published, {part.distinct:,} distinct read"
            elif digest != part.digest:
                yield f"{where}: the digest of the {count:,} records read is not that of those published"


def _digest_sum(source: Column, number: Column) -> int:
    return int(np.add.reduce(digests(source, number), dtype=np.uint64))
