"""Puts recorded runs onto a broker."""

import time

from confluent_kafka import Producer

from streams.cluster.administration import ensure_topics
from streams.settings import ClusterSettings
from streams.topics import qualified
from tests.streams.watch.recorded_run import PARTITIONS, Record

NOW = int(time.time() * 1000)
# Brokers reckon retention from a record's own time, so runs on a broker begin a few hours ago.
RECENT = NOW - NOW % 3_600_000 - 8 * 3_600_000


def create(settings: ClusterSettings, run: str) -> None:
    """The topics of a run, with as many partitions as recorded runs have."""
    ensure_topics(settings, run, partitions=PARTITIONS)


def publish(settings: ClusterSettings, run: str, records: list[Record], progress: list[bytes]) -> None:
    """Records to their partitions in order, then the progress records, acknowledged."""
    producer = Producer({**settings.librdkafka(), "enable.idempotence": True, "linger.ms": 5})
    for record in records:
        topic = qualified(run, record.topic)
        producer.produce(topic, record.value, partition=record.partition, timestamp=record.timestamp)
        producer.poll(0)
    assert producer.flush(30) == 0
    for value in progress:
        producer.produce(qualified(run, "audit"), value, partition=0)
    assert producer.flush(30) == 0
