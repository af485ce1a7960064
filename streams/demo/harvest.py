"""The harvest of a demonstration: what its topics hold in the end, read back from the broker."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["Harvest"]

_TOPICS = ("assets", "catalog.enriched", "content.enriched", "dead_letters")


@dataclass
class Harvest:
    """Assets, enriched records and dead letters so far, followed from the beginning of their topics."""

    settings: ClusterSettings
    run: str
    enriched: int = 0
    assets: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    dead_letters: list[dict[str, Any]] = field(default_factory=list)
    first_asset_at: float | None = None

    def __post_init__(self) -> None:
        self._consumer = Consumer(
            {
                **self.settings.librdkafka(),
                "group.id": f"{self.run}-harvest",
                "enable.auto.commit": False,
                "log_level": 2,
            }
        )
        partitions = []
        for topic in _TOPICS:
            name = qualified(self.run, topic)
            known = self._consumer.list_topics(name, timeout=10).topics[name].partitions
            partitions += [TopicPartition(name, number, OFFSET_BEGINNING) for number in known]
        self._consumer.assign(partitions)

    def gather(self, seconds: float) -> None:
        """Read what has come, for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for message in self._consumer.consume(500, min(left, 0.2)):
                if message.error() is None:
                    self._take(str(message.topic()), orjson.loads(message.value() or b"{}"))

    def _take(self, topic: str, record: dict[str, Any]) -> None:
        if topic.endswith(".assets"):
            if self.first_asset_at is None:
                self.first_asset_at = time.monotonic()
            self.assets[record["medium"]] += 1
            self.examples[record["medium"]] = record["files"][0]["uri"]
        elif topic.endswith(".enriched"):
            self.enriched += 1
        elif topic.endswith(".dead_letters"):
            self.dead_letters.append(record)

    def close(self) -> None:
        """Leave the cluster."""
        self._consumer.close()
