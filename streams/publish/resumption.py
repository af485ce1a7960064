"""Resumption: the last progress that a shard has committed, found from the end of the topic ``audit`` backwards."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from pydantic import ValidationError

from streams.cluster.availability import unavailable
from streams.exits import GreenroomError, UsageError
from streams.progress import Progress
from streams.settings import ClusterSettings
from streams.topics import qualified

__all__ = ["AuditTail", "last_progress"]

_FIRST = 512
_GROWTH = 8
_TELL_AFTER_S = 3.0


def last_progress(
    settings: ClusterSettings,
    run: str,
    shard: tuple[int, int],
    *,
    patience_s: float,
    settled: bool,
    tell: Callable[[str], None] = lambda words: None,
) -> Progress | None:
    """The newest committed progress of a shard, or None if there is none.

    With ``settled``, transactions that are still open are waited for: a commit of this shard may lie behind one of
    another. Raises :class:`UsageError` if the run is divided into another number of shards, and
    :class:`.BrokerUnavailableError` after ``patience_s`` without a broker.
    """
    wanted = f"{shard[0]}/{shard[1]}"
    tail = AuditTail(settings, run, patience_s=patience_s, settled=settled, tell=tell)
    try:
        for progress in tail.backwards():
            if progress.shard.split("/")[1] != str(shard[1]):
                total = progress.shard.split("/")[1]
                raise UsageError(
                    f"run {run!r} is divided into {total} shards, and --shard {wanted} asks for {shard[1]}; play the "
                    f"shards 0/{total} to {int(total) - 1}/{total}, or begin another with --run"
                )
            if progress.shard == wanted:
                return progress
    finally:
        tail.close()
    return None


class AuditTail:
    """The progress records of a run, newest first, read in pieces that grow; only what is committed."""

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        *,
        patience_s: float,
        settled: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._settings, self._patience, self._settled, self._tell = settings, patience_s, settled, tell
        self._topic = qualified(run, "audit")
        self._consumer = Consumer(
            {
                **settings.librdkafka(),
                "group.id": f"{run}.resumption",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "log_level": 0,
            }
        )

    def close(self) -> None:
        """Leave the cluster."""
        self._consumer.close()

    def backwards(self) -> Iterator[Progress]:
        """Every progress record, newest first."""
        end, size = self._end(), _FIRST
        while end > 0:
            begin = max(0, end - size)
            yield from reversed(list(self._between(begin, end)))
            end, size = begin, size * _GROWTH

    def _end(self) -> int:
        """The offset after the last record, be it committed or not."""
        place = TopicPartition(self._topic, 0)
        client = AdminClient({**self._settings.librdkafka(), "log_level": 0})
        found = client.list_offsets(
            {place: OffsetSpec.latest()},
            isolation_level=IsolationLevel.READ_UNCOMMITTED,
            request_timeout=self._patience,
        )[place]
        try:
            offset: int = found.result().offset
        except KafkaException as error:
            raise unavailable(self._settings, self._patience, error.args[0].str()) from error
        return offset

    def _between(self, begin: int, end: int) -> Iterator[Progress]:
        self._consumer.assign([TopicPartition(self._topic, 0, begin)])
        heard = waiting_since = time.monotonic()
        told = False
        while True:
            messages = self._consumer.consume(1000, 0.2)
            for message in messages:
                reached, progress = self._taken(message)
                if progress is not None and reached <= end:
                    yield progress
                if reached >= end or (message.error() is not None and not self._settled):
                    return
            now = time.monotonic()
            if messages:
                heard = now
            elif now - heard > self._patience:
                # Where transactions stay open, the broker has nothing new to say, and is there all the same.
                self._end()
                heard = now
            if self._settled and not told and now - waiting_since > _TELL_AFTER_S:
                told = True
                self._tell(f"waiting for transactions on {self._topic} that other shards have left open")

    def _taken(self, message: Any) -> tuple[int, Progress | None]:
        """The offset that a message brings us to, and the progress that it tells."""
        error = message.error()
        if error is None:
            return message.offset() + 1, _progress(message.value())
        if error.code() == KafkaError._PARTITION_EOF:
            return message.offset(), None
        raise GreenroomError(f"cannot read {self._topic}: {error.str()}")


def _progress(value: bytes | None) -> Progress | None:
    try:
        return Progress.model_validate(orjson.loads(value or b""))
    except (orjson.JSONDecodeError, ValidationError):
        return None
