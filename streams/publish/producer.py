"""The producer: records to brokers through librdkafka, idempotent, acknowledged by all, never dropped."""

import time
from collections import deque
from collections.abc import Callable
from itertools import repeat
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from streams.exits import BrokerUnavailableError
from streams.metrics import ACKNOWLEDGED, PUBLISH_SECONDS
from streams.publish.records import Records
from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["Delivery", "librdkafka_settings"]

_MOST_WAITING = 200_000
_MOST_WAITING_KIB = 512 * 1024


def librdkafka_settings(settings: ClusterSettings) -> dict[str, Any]:
    """The producer's properties: idempotent, acks=all, lz4, batches that fill within 20 ms."""
    return {
        **settings.librdkafka(),
        "enable.idempotence": True,
        "acks": "all",
        "compression.type": "lz4",
        "linger.ms": 20,
        "batch.num.messages": 20_000,
        "batch.size": 1_000_000,
        "queue.buffering.max.messages": _MOST_WAITING + 50_000,
        "queue.buffering.max.kbytes": _MOST_WAITING_KIB,
        "socket.nagle.disable": True,
        "socket.send.buffer.bytes": 8_000_000,
        "message.max.bytes": 8_000_000,
        # A record waits until it is delivered or the program gives up: librdkafka itself never discards one.
        "message.timeout.ms": 0,
        # Whatever else would leave a gap is fatal and ends the run, so that no record needs a callback of its own:
        # one for each costs 0.4 µs of CPU, a fifth of publishing.
        "enable.gapless.guarantee": True,
        "log_level": 2,
    }


class Delivery:
    """Hands records to librdkafka and knows how many were acknowledged.

    A full queue makes :meth:`send` wait, so that memory stays bounded and nothing is dropped. If nothing is
    acknowledged for ``patience_s`` seconds while records wait, :class:`BrokerUnavailableError` is raised.
    """

    def __init__(
        self, settings: ClusterSettings, run: str, *, patience_s: float, throttle: Callable[[], float]
    ) -> None:
        """``throttle`` says, before each send, how many seconds to hold back (for a broker short of memory)."""
        self.settings, self.run, self.patience_s, self._throttle = settings, run, patience_s, throttle
        self.sent = 0
        self._fatal = self._last_error = ""
        self._acknowledged = 0
        self._progress_at = time.monotonic()
        self._marks: deque[tuple[int, float]] = deque()
        self._producer = Producer(librdkafka_settings(settings) | {"error_cb": self._on_error})

    @property
    def acknowledged(self) -> int:
        """Records that all in-sync replicas have."""
        # What librdkafka has to say (errors, logs) counts as outstanding until it was heard.
        self._producer.poll(0)
        return self.sent - len(self._producer)

    def send(self, records: Records) -> None:
        """Hand over the records of one chunk, in order; waits while too many are on their way."""
        if held := self._throttle():
            time.sleep(held)
        self._make_room(len(records))
        topic = qualified(self.run, records.topic)
        columns = [
            repeat(topic),
            records.on_the_wire,
            records.keys,
            records.partition.tolist(),
            repeat(None),
            repeat(None),
        ]
        columns += [records.at.tolist(), records.headers or repeat(None)]
        try:
            deque(map(self._producer.produce, *columns), maxlen=0)
        except (KafkaException, BufferError) as error:
            raise BrokerUnavailableError(
                f"{self.settings.bootstrap} does not take records for {topic}: {error}"
            ) from error
        self.sent += len(records)
        self._marks.append((self.sent, time.monotonic()))
        self._producer.poll(0)
        self._observe()

    def _make_room(self, count: int) -> None:
        while len(self._producer) + count > _MOST_WAITING:
            self._producer.poll(0.02)
            self._observe()
            self._be_patient()

    def flush(self) -> None:
        """Wait until everything that was handed over is acknowledged."""
        while len(self._producer):
            self._producer.flush(0.1)
            self._observe()
            self._be_patient()
        self._observe()
        self._be_patient()

    def idle(self, seconds: float) -> None:
        """Wait, and serve librdkafka meanwhile."""
        self._producer.poll(seconds)
        self._observe()
        self._be_patient()

    def _observe(self) -> None:
        acknowledged, now = self.acknowledged, time.monotonic()
        if acknowledged > self._acknowledged or not len(self._producer):
            self._progress_at = now
        ACKNOWLEDGED.inc(max(0, acknowledged - self._acknowledged))
        self._acknowledged = max(acknowledged, self._acknowledged)
        while self._marks and self._marks[0][0] <= acknowledged:
            PUBLISH_SECONDS.observe(now - self._marks.popleft()[1])

    def _be_patient(self) -> None:
        if self._fatal:
            raise BrokerUnavailableError(f"{self.settings.bootstrap} refused records: {self._fatal}")
        waited = time.monotonic() - self._progress_at
        if waited > self.patience_s:
            waiting = len(self._producer)
            self._producer.purge()
            raise BrokerUnavailableError(
                f"no acknowledgement from {self.settings.bootstrap} for {waited:.0f} s; {waiting} of {self.sent} "
                f"records were not delivered ({self._last_error or 'no answer'}). Check that the cluster is up and "
                "reachable, or give it longer with --broker-timeout"
            )

    def _on_error(self, error: KafkaError) -> None:
        self._last_error = error.str()
        if error.fatal():
            self._fatal = error.str()
