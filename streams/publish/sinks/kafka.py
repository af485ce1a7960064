"""Kafka: the sink that proves what it delivered."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import orjson

from streams.progress import Progress
from streams.publish.producer import Delivery
from streams.publish.records import Records
from streams.publish.transactions import Transactions
from streams.settings import ClusterSettings
from streams.topics import topic_named

__all__ = ["Kafka"]


class Kafka:
    """Publishes to the run's topics, and what it has published so far to the topic ``audit``."""

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        *,
        partitions: Mapping[str, int],
        patience_s: float,
        throttle: Callable[[], float],
        shard: tuple[int, int] = (0, 1),
        exactly_once: bool = True,
    ) -> None:
        """``partitions`` is the number of partitions by topic; see :class:`Delivery` for the others.

        ``exactly_once`` takes the shard over from whoever wrote it before (see :class:`Transactions`).
        """
        self.partitions = partitions
        self.delivery: Delivery = (
            Transactions.opened(settings, run, shard, patience_s=patience_s, throttle=throttle)
            if exactly_once
            else Delivery(settings, run, patience_s=patience_s, throttle=throttle)
        )
        self.proofs = 0
        self.resumed: Progress | None = None
        """What the shard had committed before."""

    def send(self, records: Records) -> None:
        """Hand the records of one chunk to librdkafka."""
        self.delivery.send(records)

    def idle(self, seconds: float) -> None:
        """Wait for the time of the next chunk."""
        self.delivery.idle(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """Publish the shard's progress together with, or after, all that it speaks of; that goes on meanwhile."""
        self.proofs += 1
        self.delivery.commit(_single(record))

    def finish(self) -> None:
        """Wait until everything is acknowledged, and committed."""
        self.delivery.finish()


def _single(record: dict[str, Any]) -> Records:
    key = str(record[topic_named("audit").key]).encode()
    at = np.array([record["at"]], dtype=np.int64)
    nothing = np.zeros(1, dtype=np.int64)
    return Records(
        "audit",
        [orjson.dumps(record)],
        [key],
        nothing,
        at,
        nothing.astype(np.uint64),
        nothing.astype(np.uint8),
        (str(record["kind"]),),
        None,
    )
