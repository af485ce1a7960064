"""A Kafka topic pair: requests go to one topic, and answers are found on another by their correlation id."""

import asyncio
import os
from collections.abc import Sequence
from threading import Event, Thread
from typing import Any

import orjson
from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from sim.names import UnknownNameError
from streams.cluster.availability import wait_for_broker
from streams.exits import UsageError
from streams.loadtest.exchange import Exchange, Reply
from streams.settings import ClusterSettings

__all__ = ["KafkaPair"]

_PATIENCE_S = 10.0
_POLL_S = 0.05
_AT_ONCE = 1000


class KafkaPair:
    """Produces each message to a topic and waits for the record on the other that carries its correlation id.

    The id travels as record key and as header ``correlation_id``; an answer tells it in that header, in its key, or as
    ``request_id`` in its JSON value, whichever is found first. Answers that nobody waits for any more are counted in
    ``late``. Only what is produced after :meth:`open` is read.
    """

    def __init__(self, settings: ClusterSettings, requests: str, responses: str) -> None:
        self.settings, self.requests, self.responses = settings, requests, responses
        self.late = 0
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._closing = Event()

    async def open(self) -> None:
        """Check that both topics are there, and read the answers' from its present end."""
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(None, self._connect)
        self._thread = Thread(target=self._read, name="kafka answers", daemon=True)
        self._thread.start()

    async def exchange(self, exchange: Exchange) -> Reply:
        """One record and its answer."""
        future: asyncio.Future[Reply] = self._loop.create_future()
        self._waiting[exchange.key] = future
        try:
            self._producer.produce(
                self.requests,
                key=exchange.key,
                value=exchange.body,
                headers=[("correlation_id", exchange.key.encode())],
                on_delivery=self._delivered,
            )
            return await future
        except BufferError:
            return Reply(error="queue_full")
        finally:
            self._waiting.pop(exchange.key, None)

    async def close(self) -> None:
        """Stop reading and leave."""
        self._closing.set()
        await self._loop.run_in_executor(None, self._thread.join)
        await self._loop.run_in_executor(None, self._producer.flush, _PATIENCE_S)
        self._consumer.close()

    def _connect(self) -> None:
        wait_for_broker(self.settings, _PATIENCE_S)
        self._producer = Producer({**self.settings.librdkafka(), "linger.ms": 1, "log_level": 0})
        group = {"group.id": f"greenroom-loadtest-{os.getpid()}", "enable.auto.commit": False, "log_level": 0}
        self._consumer = Consumer({**self.settings.librdkafka(), **group, "fetch.wait.max.ms": 20})
        try:
            known = self._consumer.list_topics(timeout=_PATIENCE_S).topics
            for topic in (self.requests, self.responses):
                if topic not in known:
                    raise UsageError(
                        f"{UnknownNameError('topic', topic, [t for t in known if not t.startswith('__')])} "
                        f"The service under test owns its topics: create {topic!r} first"
                    )
            places = [TopicPartition(self.responses, number) for number in known[self.responses].partitions]
            self._consumer.assign([self._at_its_end(place) for place in places])
        except KafkaException as error:
            raise UsageError(f"Kafka at {self.settings.bootstrap}: {error.args[0].str()}") from error

    def _at_its_end(self, place: TopicPartition) -> TopicPartition:
        _, end = self._consumer.get_watermark_offsets(place, timeout=_PATIENCE_S)
        return TopicPartition(place.topic, place.partition, end)

    def _read(self) -> None:
        while not self._closing.is_set():
            first = self._consumer.poll(_POLL_S)
            self._producer.poll(0)
            if first is not None:
                found = [first, *self._consumer.consume(_AT_ONCE, timeout=0)]
                self._loop.call_soon_threadsafe(self._settle, [m for m in found if not m.error()])

    def _settle(self, messages: Sequence[Message]) -> None:
        for message in messages:
            future = self._waiting.get(_correlation(message) or "")
            if future is None or future.done():
                self.late += 1
            else:
                future.set_result(Reply(message.value() or b""))

    def _delivered(self, error: Any, message: Message) -> None:
        if error is not None:
            self._loop.call_soon_threadsafe(self._fail, (message.key() or b"").decode())

    def _fail(self, key: str) -> None:
        future = self._waiting.get(key)
        if future and not future.done():
            future.set_result(Reply(error="not_delivered"))


def _correlation(message: Message) -> str | None:
    for name, value in message.headers() or ():
        if name == "correlation_id" and value:
            return bytes(value).decode("utf-8", "replace")
    if key := message.key():
        return bytes(key).decode("utf-8", "replace")
    try:
        found = orjson.loads(message.value() or b"")
    except orjson.JSONDecodeError:
        return None
    return str(found.get("request_id")) if isinstance(found, dict) else None
