"""Gaps in a log: offsets that hold no record for a reader, but markers of transactions or what was aborted."""

import time
from collections.abc import Mapping

from kafka import KafkaConsumer, TopicPartition

from streams.settings import ClusterSettings

__all__ = ["empty_offsets"]

_PATIENCE_S = 2.0
_POLL_MS = 100


def empty_offsets(
    settings: ClusterSettings, stretches: Mapping[TopicPartition, tuple[int, int]]
) -> dict[TopicPartition, int]:
    """How many offsets of each stretch (from, up to) hold nothing that a reader of committed records would get.

    Where a transaction is still open, what comes after its beginning counts as held.
    """
    if not stretches:
        return {}
    found = dict.fromkeys(stretches, 0)
    with KafkaConsumer(
        **settings.kafka_python(),
        enable_auto_commit=False,
        isolation_level="read_committed",
        fetch_max_wait_ms=_POLL_MS,
    ) as consumer:
        consumer.assign(list(stretches))
        for place, (begin, _) in stretches.items():
            consumer.seek(place, begin)
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and any(
            consumer.position(place) < end for place, (_, end) in stretches.items()
        ):
            for place, records in consumer.poll(timeout_ms=_POLL_MS).items():
                found[place] += sum(record.offset < stretches[place][1] for record in records)
        return {
            place: max(0, min(consumer.position(place), end) - begin - found[place])
            for place, (begin, end) in stretches.items()
        }
