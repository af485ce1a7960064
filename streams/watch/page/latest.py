"""The latest of the topics that the audit does not read: assets and dead letters, sampled at a low rate."""

import contextlib
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["LatestFeed"]

_TOPICS = ("assets", "dead_letters")
_EVERY_S = 1.0
_EACH = 6
_BATCH = 60
_LOOK_S = 2.0

Take = Callable[[str, bytes], None]


class LatestFeed:
    """Reads the newest few records of each partition once a second, and skips the rest, on a thread of its own.

    What it costs does not depend on how many records there are. ``take`` is called on that thread, with topic and
    value, and ``looked`` after each look. ``counts`` are the records of each topic, told by the ends of its partitions.
    """

    def __init__(
        self, settings: ClusterSettings, run: str, take: Take, *, looked: Callable[[], None] = lambda: None
    ) -> None:
        self._take, self._looked = take, looked
        self._names = {qualified(run, topic): topic for topic in _TOPICS}
        self._next: dict[tuple[str, int], int] = {}
        self._stop = Event()
        self.counts = dict.fromkeys(_TOPICS, 0)
        self.topics: frozenset[str] = frozenset()
        """Names of all topics of the cluster, as last seen."""
        self._consumer = Consumer(_properties(settings, run))
        self._thread = Thread(target=self._follow, name="latest", daemon=True)

    def __enter__(self) -> "LatestFeed":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _follow(self) -> None:
        while not self._stop.wait(_EVERY_S):
            # A broker that is away for a moment is the monitor's business; here the next look will do.
            with contextlib.suppress(KafkaException):
                self.look()
                self._looked()

    def look(self) -> None:
        """Read what is newest now."""
        ends = {place: self._end(place) for place in self._places()}
        for topic in self.counts:
            self.counts[topic] = sum(end for (name, _), end in ends.items() if self._names[name] == topic)
        wanted = {place: end for place, end in ends.items() if end > self._next.get(place, 0)}
        if not wanted:
            return
        self._consumer.assign(
            [
                TopicPartition(*place, max(self._next.get(place, 0), end - _EACH))
                for place, end in wanted.items()
            ]
        )
        self._next |= wanted
        self._read(wanted)
        self._consumer.unassign()

    def _read(self, wanted: dict[tuple[str, int], int]) -> None:
        left = dict.fromkeys(wanted, True)
        until = time.monotonic() + _LOOK_S
        while left and time.monotonic() < until and not self._stop.is_set():
            for message in self._consumer.consume(_BATCH, 0.2):
                place = str(message.topic()), int(message.partition())
                if message.error() is not None:
                    left.pop(place, None)  # the end of the partition
                    continue
                if (value := message.value()) is not None:
                    self._take(self._names[place[0]], value)
                if message.offset() + 1 >= wanted[place]:
                    left.pop(place, None)

    def _places(self) -> list[tuple[str, int]]:
        known: Any = self._consumer.list_topics(timeout=_LOOK_S).topics
        self.topics = frozenset(known)
        return [(name, part) for name in self._names if name in known for part in known[name].partitions]

    def _end(self, place: tuple[str, int]) -> int:
        found = self._consumer.get_watermark_offsets(TopicPartition(*place), timeout=_LOOK_S)
        return int(found[1]) if found else 0


def _properties(settings: ClusterSettings, run: str) -> dict[str, Any]:
    return {
        **settings.librdkafka(),
        "group.id": f"{run}.latest",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",
        "queued.max.messages.kbytes": 8_192,
        "receive.message.max.bytes": 1_000_000_000,
        "log_level": 0,
    }
