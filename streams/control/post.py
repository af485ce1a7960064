"""The post: reads and writes the topic ``control`` of a run, at its low rate."""

import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from confluent_kafka import KafkaException, Producer
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.control.messages import Message, written
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["Letter", "Post"]

_FETCH_MS = 250
_POLL_S = 0.01


@dataclass(frozen=True)
class Letter:
    """A record of the topic: its place, the wall time at which it was written (epoch ms), and its bytes."""

    offset: int
    written_at: int
    value: bytes | None


class Post:
    """The one partition of the topic, from its beginning; for one thread at a time."""

    def __init__(self, settings: ClusterSettings, run: str, *, patience_s: float = 30.0) -> None:
        self.topic, self._patience_s = qualified(run, "control"), patience_s
        self._partition, self._settings = TopicPartition(self.topic, 0), settings
        try:
            self._consumer = KafkaConsumer(
                **settings.kafka_python(), enable_auto_commit=False, fetch_max_wait_ms=_FETCH_MS
            )
        except KafkaError as error:
            raise self._away(error) from error
        self._producer: Producer | None = None
        self._assigned = False

    @property
    def exists(self) -> bool:
        """Whether the run has such a topic."""
        try:
            return self.topic in self._consumer.topics()
        except KafkaError as error:
            raise self._away(error) from error

    def read(self, wait_s: float) -> list[Letter]:
        """What has come; if that is nothing, after having waited so long."""
        letters = self._poll(_POLL_S)
        # A broker that answers at once that it has nothing would keep a waiting consumer busy.
        if not letters:
            time.sleep(wait_s)
        return letters

    def read_to_the_end(self) -> list[Letter]:
        """Everything up to what is the end at this moment."""
        self._begin()
        deadline, letters = time.monotonic() + self._patience_s, list[Letter]()
        try:
            end = self._consumer.end_offsets([self._partition])[self._partition]
            while self._consumer.position(self._partition) < end:
                letters += self._poll(0.2)
                if time.monotonic() > deadline:
                    raise self._away("it was not read in time")
        except KafkaError as error:
            raise self._away(error) from error
        return letters

    def write(self, message: Message, *, key: str) -> None:
        """Write a message, and wait until it is acknowledged; BrokerUnavailableError if it is not."""
        if self._producer is None:
            # A message twice does no harm, so that nobody has to wait for the identity of an idempotent producer.
            properties = {"acks": "all", "linger.ms": 0, "log_level": 0}
            self._producer = Producer({**self._settings.librdkafka(), **properties})
        failed: list[object] = []
        try:
            self._producer.produce(
                self.topic,
                written(message),
                key.encode(),
                0,
                on_delivery=lambda error, _: failed.append(error) if error else None,
            )
            left = self._producer.flush(self._patience_s)
        except (KafkaException, BufferError) as error:
            raise self._away(error) from error
        if left or failed:
            self._producer.purge()
            raise self._away(failed[0] if failed else "no acknowledgement came in time")

    def close(self) -> None:
        """Leave the cluster."""
        with suppress(KafkaError):
            self._consumer.close()

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _poll(self, wait_s: float) -> list[Letter]:
        self._begin()
        polled = self._consumer.poll(timeout_ms=int(wait_s * 1000))
        return [
            Letter(record.offset, record.timestamp, record.value)
            for part in polled.values()
            for record in part
        ]

    def _begin(self) -> None:
        if not self._assigned:
            self._consumer.assign([self._partition])
            self._consumer.seek_to_beginning(self._partition)
            self._assigned = True

    def _away(self, why: object) -> BrokerUnavailableError:
        return BrokerUnavailableError(
            f"the topic {self.topic} at {self._settings.bootstrap} cannot be used: {why}"
        )
