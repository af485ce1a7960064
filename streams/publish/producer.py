"""The producer: records to brokers through librdkafka, idempotent, acknowledged by all, never dropped."""

import time
from collections import deque
from collections.abc import Callable
from itertools import repeat
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Producer

from streams.exits import BrokerUnavailableError, GreenroomError
from streams.metrics import ACKNOWLEDGED, PUBLISH_SECONDS
from streams.publish.meanwhile import Meanwhile
from streams.publish.records import Records
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.tracing import exemplar

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
    """At least once: hands records to librdkafka, and says how far it got only when all of that is acknowledged.

    A full queue makes :meth:`send` wait, so that memory stays bounded and nothing is dropped. If nothing is
    acknowledged for ``patience_s`` seconds while records wait, :class:`BrokerUnavailableError` is raised.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        *,
        patience_s: float,
        throttle: Callable[[], float],
        properties: dict[str, Any] | None = None,
    ) -> None:
        """``throttle`` says, before each send, how many seconds to hold back (for a broker short of memory).

        ``properties`` are librdkafka's, in place of those of :func:`librdkafka_settings`.
        """
        self.settings, self.run, self.patience_s, self._throttle = settings, run, patience_s, throttle
        self.sent = 0
        self._fatal: KafkaError | None = None
        self._last_error = ""
        self._heard = 0
        self._heard_at = time.monotonic()
        self._marks: deque[tuple[int, float]] = deque()
        self._ending: Meanwhile | None = None
        self._producer = Producer(
            (properties or librdkafka_settings(settings)) | {"error_cb": self._on_error}
        )

    @property
    def acknowledged(self) -> int:
        """Records that all in-sync replicas have."""
        return self._answered()

    def send(self, records: Records) -> None:
        """Hand over the records of one chunk, in order; waits while too many are on their way."""
        self.settle()
        if held := self._throttle():
            time.sleep(held)
        self._put(records)

    def commit(self, progress: Records) -> None:
        """Say how far the shard has got, once everything before is acknowledged; the caller goes on meanwhile."""
        self.settle()
        self._ending = Meanwhile(lambda: self._end(progress))

    def settle(self) -> None:
        """Wait for the end of what :meth:`commit` began."""
        if self._ending is not None:
            self._ending.wait()
            self._ending = None

    def idle(self, seconds: float) -> None:
        """Wait, and serve librdkafka meanwhile."""
        if self._ending is not None:
            if self._ending.wait(seconds):
                self._ending = None
            return
        self._producer.poll(seconds)
        self._observe()
        self._be_patient()

    def finish(self) -> None:
        """Wait until everything that was handed over is safe."""
        self.settle()
        self._flush()

    def _end(self, progress: Records) -> None:
        self._flush()
        self._put(progress)

    def _put(self, records: Records) -> None:
        try:
            self._hand_over(records)
        except (KafkaException, BufferError) as error:
            raise self._refused(records, error) from error

    def _hand_over(self, records: Records) -> None:
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
        deque(map(self._producer.produce, *columns), maxlen=0)
        self.sent += len(records)
        self._marks.append((self.sent, time.monotonic()))
        self._producer.poll(0)
        self._observe()

    def _refused(self, records: Records, error: Exception) -> GreenroomError:
        return BrokerUnavailableError(
            f"{self.settings.bootstrap} does not take records for {qualified(self.run, records.topic)}: {error}"
        )

    def _make_room(self, count: int) -> None:
        while len(self._producer) + count > _MOST_WAITING:
            self._producer.poll(0.02)
            self._observe()
            self._be_patient()

    def _flush(self) -> None:
        while len(self._producer):
            self._producer.flush(0.1)
            self._observe()
            self._be_patient()
        self._observe()
        self._be_patient()

    def _answered(self) -> int:
        # What librdkafka has to say (errors, logs) counts as outstanding until it was heard.
        self._producer.poll(0)
        return self.sent - len(self._producer)

    def _observe(self) -> None:
        answered, now = self._answered(), time.monotonic()
        if answered > self._heard or not len(self._producer):
            self._heard_at = now
        self._note_answers(max(0, answered - self._heard))
        self._heard = max(answered, self._heard)
        while self._marks and self._marks[0][0] <= answered:
            PUBLISH_SECONDS.observe(now - self._marks.popleft()[1], exemplar())

    def _note_answers(self, count: int) -> None:
        ACKNOWLEDGED.inc(count)

    def _be_patient(self) -> None:
        if self._fatal:
            raise self._fate(self._fatal)
        waited = time.monotonic() - self._heard_at
        if waited > self.patience_s:
            raise self._silence(waited)

    def _fate(self, error: KafkaError) -> GreenroomError:
        """What a fatal error means."""
        return BrokerUnavailableError(f"{self.settings.bootstrap} refused records: {error.str()}")

    def _silence(self, seconds: float) -> BrokerUnavailableError:
        waiting = self._undelivered()
        self._producer.purge()
        return BrokerUnavailableError(
            f"no acknowledgement from {self.settings.bootstrap} for {seconds:.0f} s; {waiting} of "
            f"{self._handed_over()} records were not delivered ({self._last_error or 'no answer'}). "
            "Check that the cluster is up and reachable, or give it longer with --broker-timeout"
        )

    def _undelivered(self) -> int:
        return len(self._producer)

    def _handed_over(self) -> int:
        return self.sent

    def _on_error(self, error: KafkaError) -> None:
        self._last_error = error.str()
        if error.fatal():
            self._fatal = error
