"""Records: the encoded events of a tick, topic by topic, in the order in which they occur."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import EventBatch, Tick
from sim.fate import Fate
from streams.codec.codec import Codec
from streams.codec.damage import damaged
from streams.codec.keys import Keys, keys_of
from streams.delivery import digests
from streams.publish.headers import Header, Headers
from streams.topics import topic_named

__all__ = ["Encoder", "Header", "Records"]

_BULKY = ("journeys", "audience")
_NONE: list[Header] = []


@dataclass(frozen=True)
class Records:
    """Columns of the encoded records of one topic: what each needs on its way to a broker.

    ``digest`` stands for each record's event id in the delivery ledger; ``kind`` is the place of its kind in ``kinds``;
    ``headers`` is None if there are none. ``tombstone`` says which records have no value on a compacted topic, or is
    None if all have one; ``values`` tells of those too, for sinks that know no keys. ``at`` is Kafka's timestamp, by
    the true clock. Where mess is planted, ``held`` is when each record leaves (it rises; None if all leave when they
    occur) and ``fate`` what becomes of each (see :class:`sim.fate.Fate`; None if nothing does). ``source`` and
    ``number`` are those of their event ids.
    """

    topic: str
    values: Sequence[bytes]
    keys: Sequence[bytes]
    partition: NDArray[np.int64]
    at: NDArray[np.int64]
    digest: NDArray[np.uint64]
    kind: NDArray[np.uint8]
    kinds: tuple[str, ...]
    headers: Sequence[list[Header]] | None
    tombstone: NDArray[np.bool_] | None = None
    held: NDArray[np.int64] | None = None
    fate: NDArray[np.uint8] | None = None
    source: NDArray[np.int64] | None = None
    number: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def leaves(self) -> NDArray[np.int64]:
        """When each record leaves, epoch ms."""
        return self.at if self.held is None else self.held

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which records count as published: all, but for the copies of what was published before."""
        return np.ones(len(self), dtype=np.bool_) if self.fate is None else self.fate != Fate.COPY

    def sent(self) -> "Records":
        """The records without those that are dropped on their way."""
        if self.fate is None or not (dropped := self.fate == Fate.DROPPED).any():
            return self
        return self.rows(np.flatnonzero(~dropped))

    def rows(self, rows: NDArray[np.int64]) -> "Records":
        """Some of the records, by their places."""
        places = rows.tolist()
        return Records(
            self.topic,
            [self.values[place] for place in places],
            [self.keys[place] for place in places],
            self.partition[rows],
            self.at[rows],
            self.digest[rows],
            self.kind[rows],
            self.kinds,
            [self.headers[place] for place in places] if self.headers else None,
            None if self.tombstone is None else self.tombstone[rows],
            None if self.held is None else self.held[rows],
            None if self.fate is None else self.fate[rows],
            None if self.source is None else self.source[rows],
            None if self.number is None else self.number[rows],
        )

    def __getitem__(self, rows: slice) -> "Records":
        return Records(
            self.topic,
            self.values[rows],
            self.keys[rows],
            self.partition[rows],
            self.at[rows],
            self.digest[rows],
            self.kind[rows],
            self.kinds,
            self.headers[rows] if self.headers else None,
            None if self.tombstone is None else self.tombstone[rows],
            None if self.held is None else self.held[rows],
            None if self.fate is None else self.fate[rows],
            None if self.source is None else self.source[rows],
            None if self.number is None else self.number[rows],
        )

    @property
    def on_the_wire(self) -> Sequence[bytes | None]:
        """The values as a broker gets them: None for a tombstone."""
        if self.tombstone is None:
            return self.values
        return [
            None if ends else value for ends, value in zip(self.tombstone.tolist(), self.values, strict=True)
        ]


class Encoder:
    """Turns ticks into records: values, keys, partitions and, where they do not cost too much, headers.

    Headers are those of CloudEvents and of the trace (see :class:`.Headers`). A header costs 0.6 µs of CPU a record,
    twice what encoding does, so the journeys and the audience go without unless asked (``cloudevents``,
    ``traceparent``); every value says ``synthetic``. A tombstone always has headers: its event id stands nowhere else.
    """

    def __init__(
        self,
        codec: Codec,
        *,
        tag: str,
        source: str,
        partitions: Mapping[str, int],
        cloudevents: bool = False,
        traceparent: bool = False,
    ) -> None:
        """``source`` is CloudEvents' source; ``partitions`` the number of partitions by topic."""
        self.codec, self.tag, self.source, self.partitions = codec, tag, source, partitions
        self._headers = Headers(codec, tag, source)
        asked = Headers(codec, tag, source, cloudevents=cloudevents, traceparent=traceparent)
        self._bulky: Headers | None = asked if cloudevents or traceparent else None

    def records(self, tick: Tick) -> Iterator[Records]:
        """The records of a tick: one set a topic, in the order in which they leave."""
        for topic, order in tick.orders.items():
            batches = tick.on(topic)
            keys = [keys_of(batch, topic_named(topic).key) for batch in batches]
            partition = np.concatenate([key.partition(self.partitions[topic]) for key in keys])
            digest = np.concatenate([digests(batch.source, batch.number) for batch in batches])
            messy = any(batch.mess is not None for batch in batches)
            yield Records(
                topic,
                _arranged([damaged(self.codec.lines(batch.as_told()), batch) for batch in batches], order),
                np.concatenate([key.objects() for key in keys])[order].tolist(),
                partition[order],
                np.concatenate([batch.at for batch in batches])[order],
                digest[order],
                np.repeat(np.arange(len(batches), dtype=np.uint8), [len(batch) for batch in batches])[order],
                tuple(batch.kind.name for batch in batches),
                self._topic_headers(topic, batches, keys, order),
                None if (ends := _tombstones(batches)) is None else ends[order],
                np.concatenate([batch.leaves for batch in batches])[order] if messy else None,
                np.concatenate([batch.fate for batch in batches])[order] if messy else None,
                np.concatenate([batch.source for batch in batches])[order],
                np.concatenate([batch.number for batch in batches])[order],
            )

    def _topic_headers(
        self, topic: str, batches: list[EventBatch], keys: list[Keys], order: NDArray[np.int64]
    ) -> Sequence[list[Header]] | None:
        named = [key.objects().tolist() for key in keys]
        if topic not in _BULKY:
            return _arranged([self._headers.of(*each) for each in zip(batches, named, strict=True)], order)
        if self._bulky is None and _tombstones(batches) is None:
            return None
        return _arranged([self._bulky_headers(*each) for each in zip(batches, named, strict=True)], order)

    def _bulky_headers(self, batch: EventBatch, keys: list[bytes]) -> list[list[Header]]:
        headers = self._bulky.of(batch, keys) if self._bulky else [_NONE] * len(batch)
        rows = np.flatnonzero(_ends(batch))
        its_keys = [keys[row] for row in rows.tolist()]
        for row, its in zip(rows.tolist(), self._headers.of(batch.rows(rows), its_keys), strict=True):
            headers[row] = its
        return headers


def _ends(batch: EventBatch) -> NDArray[np.bool_]:
    """Which records have no value."""
    if batch.kind.tombstone:
        return np.ones(len(batch), dtype=np.bool_)
    return np.asarray(batch.fate == Fate.TOMBSTONE)


def _tombstones(batches: list[EventBatch]) -> NDArray[np.bool_] | None:
    """Which records of some batches have no value; None if all have one."""
    if not any(batch.kind.tombstone or batch.mess is not None for batch in batches):
        return None
    ends = np.concatenate([_ends(batch) for batch in batches])
    return ends if ends.any() else None


def _arranged(parts: list[list[Any]], order: NDArray[np.int64]) -> Sequence[Any]:
    joined = parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
    if len(order) == 1:
        return joined
    arranged: tuple[Any, ...] = itemgetter(*order.tolist())(joined)
    return arranged
