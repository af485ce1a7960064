"""The delivery audit: proof, from what is read back, that everything arrived once, whole and in order."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.durations import MINUTE
from streams.watch.numbers import NumberSet
from streams.watch.planted import Labels
from streams.watch.progress import Ledger
from streams.watch.reckoning import Reckoning
from streams.watch.sequence import Order, grouped
from streams.watch.tally import Tally
from streams.watch.verdict import Verdict

__all__ = ["DeliveryAudit", "Part"]

_PIECE = 1 << 18
_EXAMPLES = 20

Column = NDArray[np.int64]


@dataclass
class Part:
    """What was read of one partition of a topic; ``tallies`` by the tag of the seed."""

    faults: Counter[str] = field(default_factory=Counter)
    records: int = 0
    numbers: dict[int, Order] = field(default_factory=lambda: defaultdict(Order))
    times: dict[int, Order] = field(default_factory=lambda: defaultdict(Order))
    tallies: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def distinct(self) -> int:
        """Distinct records."""
        return sum(tally.distinct for tally in self.tallies.values())

    @property
    def digest(self) -> int:
        """Sum of the digests of the distinct records, modulo 2**64."""
        return sum(tally.digest for tally in self.tallies.values()) % 2**64


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
        self.parts: dict[tuple[str, int], Part] = {}
        self.seen: dict[tuple[str, int], NumberSet] = defaultdict(NumberSet)
        self.reckonings: dict[tuple[str, int], Reckoning] = {}
        self.examples: dict[str, list[str]] = defaultdict(list)
        self.offsets: dict[tuple[str, int], tuple[int, int]] = {}

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
            for one_tag in _distinct(tag[piece]):
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
        part = self.part(topic, partition)
        fresh = self.seen[topic, tag].add(source, number)
        reordered = fresh & (part.numbers[tag].behind(source, number) > 0)
        late = fresh & (part.times[tag].behind(source, timestamp) > self._tolerance)
        part.records += len(source)
        part.tallies[tag].add(source, number, fresh, reordered, late)
        for fault, found in (("duplicated", ~fresh), ("reordered", reordered), ("late", late)):
            self._note(fault, topic, partition, offset[found])
        if not fresh.all():
            self.reckoning(topic, tag).note("repeated", source[~fresh], number[~fresh])
        if reordered.any() or late.any():
            odd = reordered | late
            self.reckoning(topic, tag).note("overtaken", source[odd], number[odd], late[odd])
        return fresh

    def part(self, topic: str, partition: int) -> Part:
        """What was read of a partition."""
        return self.parts.setdefault((topic, partition), Part())

    def reckoning(self, topic: str, tag: int) -> Reckoning:
        """What was planted on a topic, by runs of one seed."""
        key = topic, tag
        if key not in self.reckonings:
            self.reckonings[key] = Reckoning(self.seen[key])
        return self.reckonings[key]

    def note(self, evidence: str, topic: str, tag: Column, source: Column, number: Column) -> None:
        """Take what was seen of some records, beside that they came: see :class:`.Reckoning` for the sorts."""
        for one_tag in _distinct(tag):
            rows = tag == one_tag
            self.reckoning(topic, one_tag).note(evidence, source[rows], number[rows])

    def plant(self, labels: Labels) -> None:
        """Take what the truth tells of planted mess."""
        self.reckoning(labels.topic, labels.tag).plant(labels)

    def unreadable(self, topic: str, partition: int, offset: Column) -> None:
        """Take records that have no event id of their topic, by their offsets."""
        if len(offset):
            self.part(topic, partition).records += len(offset)
            self._note("corrupted", topic, partition, offset)

    def violating(self, topic: str, partition: int, offset: Column) -> None:
        """Take records that are not what their schema says, by their offsets; they were observed as any other."""
        self._note("violating", topic, partition, offset)

    def tombstones(self, topic: str, partition: int, count: int, *, nameless: int = 0) -> None:
        """Take so many records without a value: those with an event id in a header were observed as any other."""
        self.part(topic, partition).faults["tombstones"] += count
        self.part(topic, partition).records += nameless

    def note_offsets(self, offsets: Mapping[tuple[str, int], tuple[int, int]]) -> None:
        """Take where each (topic, partition) begins today and ends; what lay there and was not read is gone."""
        self.offsets = dict(offsets)

    def _note(self, fault: str, topic: str, partition: int, offset: Column) -> None:
        if len(offset):
            self.part(topic, partition).faults[fault] += len(offset)
            room = _EXAMPLES - len(self.examples[fault])
            self.examples[fault] += [
                f"{topic}/{partition}@{place}" for place in np.sort(offset)[:room].tolist()
            ]

    @property
    def distinct(self) -> int:
        """Distinct records read so far."""
        return sum(part.distinct for part in self.parts.values())

    @property
    def pages(self) -> int:
        """Pages of numbers held in memory, each with a number missing: see :class:`NumberSet`."""
        return sum(seen.pages for seen in self.seen.values())

    @property
    def complete(self) -> bool:
        """True once every shard has closed and as many records were read as they published, but for planted losses."""
        return self.ledger.all_closed and all(
            self._distinct(place) >= count or self._all_of(place[0])
            for place, (count, _) in self.ledger.published.items()
        )

    def _distinct(self, place: tuple[str, int]) -> int:
        return self.parts[place].distinct if place in self.parts else 0

    def _all_of(self, topic: str) -> bool:
        """True if what is missing of a topic was planted to be absent."""
        published = sum(count for (of, _), (count, _) in self.ledger.published.items() if of == topic)
        absent = sum(one.absent_count for (of, _), one in self.reckonings.items() if of == topic)
        if not absent:
            return False
        return published <= absent + sum(part.distinct for (of, _), part in self.parts.items() if of == topic)

    def reached(self, topic: str, partition: int) -> bool:
        """True if everything that the shards have told of was read from this partition."""
        count, _ = self.ledger.published.get((topic, partition), (0, 0))
        return self._distinct((topic, partition)) >= count or self._all_of(topic)

    def verdict(self, *, settled: bool = True) -> Verdict:
        """What became of the records; unless ``settled``, what has not been read yet is pending, not lost."""
        from streams.watch.judging import judged

        return judged(self, settled=settled)


def _distinct(tag: Column) -> list[int]:
    """The tags among some records: one, as a rule."""
    found: list[int] = tag[:1].tolist() if (tag == tag[0]).all() else np.unique(tag).tolist()
    return found
