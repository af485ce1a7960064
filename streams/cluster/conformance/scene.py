"""The scene of a check: a broker, a name that is free on it, and quiet clients."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from streams.cluster.administration import Administration
from streams.cluster.provisioning import WantedTopic
from streams.settings import ClusterSettings

__all__ = ["NonconformityError", "Scene", "UnprovenError", "expect"]

PATIENCE_S = 20.0

_SILENT = logging.Logger("streams.cluster.conformance")
_SILENT.addHandler(logging.NullHandler())


class NonconformityError(Exception):
    """What the broker does differently from Apache Kafka."""


class UnprovenError(Exception):
    """Why the broker's answer cannot be seen in the time of a check."""


def expect(holds: bool, otherwise: str) -> None:
    """Raise :class:`NonconformityError` with these words unless it holds."""
    if not holds:
        raise NonconformityError(otherwise)


@dataclass(frozen=True)
class Scene:
    """Where one check happens; ``name`` prefixes its topics, groups and transactional ids."""

    settings: ClusterSettings
    administration: Administration
    name: str

    def topic(
        self, suffix: str = "topic", *, partitions: int = 1, config: Mapping[str, str] | None = None
    ) -> str:
        """Create a topic with as many replicas as there are brokers, up to three."""
        replication = min(3, len(self.administration.brokers()))
        name = f"{self.name}.{suffix}"
        self.administration.create_topics([WantedTopic(name, partitions, replication, config or {})])
        return name

    def producer(self, **properties: Any) -> Producer:
        """A librdkafka producer; property names have ``_`` for ``.``."""
        return Producer({**self.settings.librdkafka(), **_dotted(properties)}, logger=_SILENT)

    @contextmanager
    def consumer(self, **properties: Any) -> Iterator[Consumer]:
        """A librdkafka consumer that commits only when told, closed at the end."""
        given = {
            "group.id": f"{self.name}.group",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
        quick = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500, "fetch.wait.max.ms": 50}
        consumer = Consumer(
            {**self.settings.librdkafka(), **given, **quick, **_dotted(properties)}, logger=_SILENT
        )
        try:
            yield consumer
        finally:
            consumer.close()

    def send(self, topic: str, values: list[bytes], **properties: Any) -> None:
        """Publish values to partition 0 and see them acknowledged."""
        producer = self.producer(**properties)
        for value in values:
            producer.produce(topic, value, partition=0)
        expect(
            producer.flush(PATIENCE_S) == 0, f"{len(producer)} of {len(values)} records are not acknowledged"
        )

    def read(self, topic: str, *, count: int, partitions: int = 1, **properties: Any) -> list[Message]:
        """The first records of a topic, without a group; fewer than ``count`` if no more come in time."""
        with self.consumer(**properties) as consumer:
            consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
            return take(consumer, count)


def take(consumer: Consumer, count: int, *, patience_s: float = PATIENCE_S) -> list[Message]:
    """So many records from a consumer, or what came in time."""
    found: list[Message] = []
    deadline = time.monotonic() + patience_s
    while len(found) < count and time.monotonic() < deadline:
        for message in consumer.consume(count - len(found), 0.2):
            if error := message.error():
                raise KafkaException(error)
            found.append(message)
    return found


def _dotted(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "."): value for name, value in properties.items()}
