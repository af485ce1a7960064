"""Reading back with a client that is not ours: what a read-committed consumer finds on the topics of a run."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["Content", "content_of"]

_PATIENCE_S = 120.0
_TOPICS = ("content", "content.enriched", "dead_letters")


@dataclass
class Content:
    """Event ids of the content of a run: how often each was read, who asked for media, and what became of those."""

    read: int = 0
    distinct: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    enriched: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)

    @property
    def repeated(self) -> int:
        """Content records that were read more than once."""
        return self.read - len(self.distinct)

    @property
    def unanswered(self) -> set[str]:
        """Those that asked for media, and are neither enriched nor in the dead letters."""
        return self.asked - self.enriched - self.dead

    def take(self, topic: str, record: dict[str, Any]) -> None:
        """Take one record of one of the topics."""
        name = record["event_id"]
        if topic == "content":
            self.read += 1
            self.distinct.add(name)
            if record.get("media"):
                self.asked.add(name)
        else:
            (self.enriched if topic == "content.enriched" else self.dead).add(name)


def content_of(settings: ClusterSettings, run: str) -> Content:
    """All that kafka-python reads, committed, from the topics that carry content, to their present ends."""
    found = Content()
    names = {qualified(run, topic): topic for topic in _TOPICS}
    with KafkaConsumer(
        **settings.kafka_python(), enable_auto_commit=False, isolation_level="read_committed"
    ) as consumer:
        places = [TopicPartition(n, p) for n in names for p in sorted(consumer.partitions_for_topic(n) or ())]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        for record in _to_the_ends(consumer, consumer.end_offsets(places)):
            found.take(names[record.topic], orjson.loads(record.value))
    return found


def _to_the_ends(consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> Iterator[Any]:
    limit = time.monotonic() + _PATIENCE_S
    while any(consumer.position(place) < end for place, end in ends.items()):
        if time.monotonic() > limit:
            raise TimeoutError(f"the ends of {sorted(ends)} were not reached within {_PATIENCE_S:.0f} s")
        for records in consumer.poll(timeout_ms=500, max_records=20_000).values():
            yield from records
