"""Faust's transport, made to read what is committed only, and to commit past what a log holds beside its records."""

from typing import Any

import aiokafka
import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

__all__ = ["CommittedApp"]


class _Thread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust passes this on only together with transactions of its own, which enrichment does without; it is read
        # when the consumer starts.
        consumer._isolation_level = "read_committed"
        return consumer


class _Consumer(driver.Consumer):  # type: ignore[misc]
    """Commits the offset after the last acknowledged record.

    Between records lie the markers of transactions, and records that were aborted. Faust looks for a row of offsets
    without gaps, and waits for ever where it did not see one open, as after the first record of a partition. Here all
    records of a partition are acknowledged in order, so that the last one says enough.
    """

    def _new_consumer_thread(self) -> driver.ConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    def _new_offset(self, tp: TP) -> int | None:
        if not (acknowledged := self._acked[tp]):
            return None
        newest = int(max(acknowledged))
        acknowledged.clear()
        self._acked_index[tp].clear()
        return newest + 1

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps need not be known."""


class _Transport(driver.Transport):  # type: ignore[misc]
    Consumer = _Consumer


class CommittedApp(faust.App):  # type: ignore[misc]
    """A Faust app whose consumer meets no record of a transaction that is open or was aborted."""

    def _new_transport(self) -> driver.Transport:
        return _Transport(self.conf.broker_consumer, self)
