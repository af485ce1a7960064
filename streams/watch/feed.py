"""The feed: topics read back from the beginning, in batches, as columns."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from types import TracebackType
from typing import Any

import numpy as np
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from numpy.typing import NDArray

from streams.cluster.availability import unavailable
from streams.codec.reading import Reader
from streams.exits import GreenroomError, UsageError
from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["Chunk", "Feed"]

_LOOK_EVERY_S = 0.25
_ASK_S = 1.0


@dataclass(frozen=True)
class Chunk:
    """Records of one partition of a topic, in order of their offsets."""

    topic: str
    partition: int
    offsets: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    """Kafka's timestamps, epoch milliseconds."""
    values: list[bytes | None]
    endings: dict[int, bytes] = field(default_factory=dict)
    """Event ids of the tombstones among the records that have one, by their place here."""
    reader: Reader = field(default_factory=Reader)
    """Turns values into JSON, whatever format they are in."""

    def __len__(self) -> int:
        return len(self.values)

    def lines(self, rows: Iterable[int] | None = None) -> list[bytes]:
        """Some of the values, or all, as JSON; no bytes for what has none or cannot be read."""
        return self.reader.lines(self.values if rows is None else [self.values[row] for row in rows])


class Feed:
    """Reads every partition of some topics of a run from its beginning, without a consumer group.

    Each use is a reader of its own: nothing is committed, and nobody else's reading is disturbed.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        topics: Sequence[str],
        *,
        patience_s: float = 30.0,
        reader: Reader | None = None,
    ) -> None:
        """``patience_s`` is the longest time without a broker before :class:`BrokerUnavailableError`.

        ``reader`` knows the formats of the records; by default it knows JSON.
        """
        self._reader = reader or Reader()
        self.settings, self.run, self.topics, self._patience = settings, run, tuple(topics), patience_s
        self._names = {qualified(run, topic): topic for topic in topics}
        self._down_since: float | None = None
        self._places: list[tuple[str, int]] = []
        self._base: dict[str, int] = {}
        self._next: dict[tuple[str, int], int] = {}
        self._at_end: set[tuple[str, int]] = set()
        self._consumer = Consumer(self._properties())

    def _properties(self) -> dict[str, Any]:
        return {
            **self.settings.librdkafka(),
            "group.id": f"{self.run}.watch",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            # 32 MB ahead of us at most, which is a second of reading at full speed.
            "queued.max.messages.kbytes": 32_768,
            "queued.min.messages": 50_000,
            "fetch.message.max.bytes": 2_097_152,
            # The embedded broker answers with 100,000 records a partition, however many bytes are asked for.
            "receive.message.max.bytes": 1_000_000_000,
            "fetch.wait.max.ms": 100,
            "fetch.queue.backoff.ms": 20,
            "reconnect.backoff.max.ms": 1_000,
            "error_cb": self._note_error,
            "log_level": 0,
        }

    def __enter__(self) -> "Feed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def open(self, *, wait_s: float = 0.0, stop: Event | None = None) -> None:
        """Take all partitions; :class:`UsageError` if the run's topics do not appear within the wait."""
        stop = stop or Event()
        self._await_broker(stop)
        deadline = time.monotonic() + wait_s
        while not stop.is_set() and not self.look_again():
            if time.monotonic() >= deadline:
                raise UsageError(
                    f"no topic of run {self.run!r} at {self.settings.bootstrap}; name another with --run"
                )
            stop.wait(_LOOK_EVERY_S)

    def _await_broker(self, stop: Event) -> None:
        """Ask in short steps, so that a signal is heeded meanwhile."""
        deadline = time.monotonic() + self._patience
        while not stop.is_set():
            try:
                self._consumer.list_topics(timeout=_ASK_S)
            except KafkaException as error:
                if time.monotonic() >= deadline:
                    raise unavailable(self.settings, self._patience, error.args[0].str()) from error
            else:
                return

    def look_again(self) -> bool:
        """Take up topics that have appeared since the last look; True if there were any."""
        try:
            known = self._consumer.list_topics(timeout=_ASK_S).topics
        except KafkaException:
            # A broker that is away for a moment still has its topics; reading notices if it stays away.
            return False
        present = {name: len(known[name].partitions) for name in self._names if name in known}
        fresh = {name: count for name, count in present.items() if count and name not in self._base}
        for name, count in fresh.items():
            self._base[name] = len(self._places)
            self._places += [(self._names[name], partition) for partition in range(count)]
            self._next |= {(self._names[name], partition): 0 for partition in range(count)}
            self._consumer.incremental_assign(
                [TopicPartition(name, part, OFFSET_BEGINNING) for part in range(count)]
            )
        return bool(fresh)

    def read(self, limit: int = 10_000, timeout_s: float = 0.2) -> list[Chunk]:
        """The next records, at most ``limit``, a chunk for each partition; none if nothing came in time."""
        found = self._consumer.consume(limit, timeout_s)
        messages = [message for message in found if message.error() is None]
        chunks = list(self._chunks(messages)) if messages else []
        if len(messages) < len(found):
            self._note_ends(found)
        elif not found:
            self._check_broker()
        return chunks

    def _chunks(self, messages: list[Any]) -> Iterator[Chunk]:
        self._down_since = None
        base = self._base
        places = np.array(
            [base[message.topic()] + message.partition() for message in messages], dtype=np.uint16
        )
        order = np.argsort(places, kind="stable")
        offsets = np.array([message.offset() for message in messages], dtype=np.int64)[order]
        timestamps = np.array([message.timestamp()[1] for message in messages], dtype=np.int64)[order]
        values = [messages[row].value() for row in order.tolist()]
        edges = np.flatnonzero(np.diff(places[order], prepend=-1)).tolist()
        for start, stop in zip(edges, [*edges[1:], len(values)], strict=True):
            topic, partition = place = self._places[places[order[start]]]
            self._next[place] = int(offsets[stop - 1]) + 1
            self._at_end.discard(place)
            here = values[start:stop]
            endings = _endings(messages, here, order[start:stop]) if None in here else {}
            yield Chunk(
                topic, partition, offsets[start:stop], timestamps[start:stop], here, endings, self._reader
            )

    def _note_ends(self, found: list[Any]) -> None:
        for message in found:
            error = message.error()
            if error is None:
                continue
            if error.code() == KafkaError._PARTITION_EOF:
                self._down_since = None
                self._note_end((self._names[message.topic()], message.partition()), message.offset())
            elif error.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.TOPIC_AUTHORIZATION_FAILED):
                raise GreenroomError(f"cannot read {message.topic()}: {error.str()}")

    def _note_end(self, place: tuple[str, int], offset: int) -> None:
        """The end was at this offset; records of the same batch may have come after it."""
        if offset >= self._next[place]:
            self._at_end.add(place)

    def _note_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN and self._down_since is None:
            self._down_since = time.monotonic()

    def _check_broker(self) -> None:
        """Ask for a broker that went away, once patience ends: it may be back with nothing new."""
        if self._down_since is not None and time.monotonic() - self._down_since > self._patience:
            try:
                self._consumer.list_topics(timeout=5.0)
            except KafkaException as error:
                raise unavailable(self.settings, self._patience, error.args[0].str()) from error
            self._down_since = None

    def offsets(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Where each partition begins today (above 0, older records have been removed), and where it ends."""
        found = {}
        for topic, partition in self._places:
            place = TopicPartition(qualified(self.run, topic), partition)
            if ends := self._consumer.get_watermark_offsets(place, timeout=self._patience):
                found[topic, partition] = ends
        return found

    @property
    def at_end(self) -> bool:
        """True when every partition has been read to its end, as of the broker's last answer."""
        return len(self._at_end) == len(self._places)

    def lag(self) -> dict[str, int]:
        """Records between our place and the end of each topic, as of the broker's last answer."""
        behind = dict.fromkeys(self._names.values(), 0)
        for (topic, partition), position in self._next.items():
            if (topic, partition) not in self._at_end:
                ends = self._consumer.get_watermark_offsets(
                    TopicPartition(qualified(self.run, topic), partition), cached=True
                )
                behind[topic] += max(0, ends[1] - max(position, ends[0])) if ends else 0
        return behind


def _endings(messages: list[Any], values: list[bytes | None], rows: NDArray[np.int64]) -> dict[int, bytes]:
    """Event ids of tombstones, from the header in which CloudEvents carry them."""
    found = {}
    for place, (value, row) in enumerate(zip(values, rows.tolist(), strict=True)):
        named = dict(messages[row].headers() or ()) if value is None else {}
        if isinstance(name := named.get("ce_id"), bytes):
            found[place] = name
    return found
