"""The Faust application of enrichment: the wiring between Kafka and the desk.

It publishes through Faust's own producer: a few hundred records a second need no second client, and Faust
flushes that producer before it commits an offset.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from typing import Any

import faust
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.auth import Credentials
from faust.exceptions import ProducerSendError

from streams.enrich.committed import CommittedApp
from streams.enrich.desk import Desk, Source
from streams.enrich.failures import Failure, FailureError
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.traceparent import TRACEPARENT

__all__ = ["FaustOutbox", "application", "attend", "credentials", "source_of"]

_SESSION_TIMEOUT_S = 10.0
_REQUEST_TIMEOUT_S = 15.0
_RETRY_S = 0.5


def application(cluster: ClusterSettings, *, group: str, directory: str) -> faust.App:
    """A Faust app without agents, web server or tables, that creates no topics; scratch in ``directory``."""
    return CommittedApp(
        group,
        broker=[f"aiokafka://{address}" for address in cluster.bootstrap.split(",")],
        broker_credentials=credentials(cluster),
        broker_session_timeout=_SESSION_TIMEOUT_S,
        broker_heartbeat_interval=_SESSION_TIMEOUT_S / 4,
        broker_request_timeout=_REQUEST_TIMEOUT_S,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_compression_type="lz4",
        producer_linger=0.005,
        producer_max_request_size=8 * 2**20,  # before compression; the broker's own limit counts after it
        producer_request_timeout=_REQUEST_TIMEOUT_S,
        stream_buffer_maxsize=1024,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
        datadir=directory,
        autodiscover=False,
    )


def attend(app: faust.App, desk: Desk, *, run: str, topics: Sequence[str]) -> None:
    """Put an agent on the topics that brings every record to the desk, undecoded."""
    names = [qualified(run, topic) for topic in topics]
    channel = app.topic(
        *names, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", internal=False
    )

    @app.agent(channel, name="enrich")  # type: ignore[untyped-decorator]
    async def attend_desk(stream: Any) -> None:
        async for event in stream.noack().events():
            await desk.admit(source_of(app, event, run))


def source_of(app: faust.App, event: Any, run: str) -> Source:
    """A Faust event as the desk takes it.

    An acknowledgement that comes after a rebalance is dropped: Faust reads such a record again.
    """
    message = event.message

    def acknowledge() -> None:
        if message.generation_id == app.consumer_generation_id:
            event.ack()

    return Source(
        topic=message.topic.removeprefix(f"{run}."),
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        timestamp_ms=round(message.timestamp * 1000),
        acknowledge=acknowledge,
        generation=message.generation_id,
        traceparent=dict(message.headers or {}).get(TRACEPARENT),
    )


class FaustOutbox:
    """Publishes through a Faust app's producer, again and again while no broker answers."""

    def __init__(
        self, app: faust.App, *, run: str, partitions: Mapping[str, int], give_up_after_s: float
    ) -> None:
        """``partitions`` says how many partitions each topic has, by its unqualified name."""
        self._app, self._run, self._partitions = app, run, partitions
        self._give_up_after_s = give_up_after_s

    async def publish(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        *,
        timestamp_ms: int,
        beside: Source | None = None,
        traceparent: bytes | None = None,
    ) -> None:
        """Publish a record and return once every in-sync replica has it."""
        partition = self._beside(topic, beside) if beside else None
        # Faust wants seconds and cuts the product with 1000 down: half a millisecond keeps the whole ones
        timestamp = (timestamp_ms + 0.5) / 1000
        headers = [(TRACEPARENT, traceparent)] if traceparent else None
        started = time.monotonic()
        while True:
            try:
                sent = await self._app.producer.send(
                    qualified(self._run, topic), key, value, partition, timestamp, headers
                )
                await sent
            except (KafkaError, ProducerSendError) as error:
                self._judge(error, topic, len(value), time.monotonic() - started)
                await asyncio.sleep(_RETRY_S)
            else:
                return

    def _beside(self, topic: str, source: Source) -> int | None:
        same = self._partitions.get(topic) == self._partitions.get(source.topic)
        return source.partition if same else None

    def _judge(self, error: Exception, topic: str, size: int, seconds: float) -> None:
        cause = error.__cause__ or error
        if isinstance(cause, MessageSizeTooLargeError):
            message = f"a record of {size} bytes for {topic} is larger than the broker or the topic takes"
            raise FailureError(Failure("too_large", type(cause).__name__, message)) from error
        if seconds > self._give_up_after_s:
            name = qualified(self._run, topic)
            raise BrokerUnavailableError(
                f"could not publish to {name} for {seconds:.0f} s: {cause!r}"
            ) from error


def credentials(cluster: ClusterSettings) -> Credentials | None:
    """The cluster's log-in in Faust's words; None for a plain connection."""
    if cluster.security_protocol == "PLAINTEXT":
        return None
    encrypted = cluster.security_protocol.endswith("SSL")
    context = ssl.create_default_context(cafile=cluster.ca_file) if encrypted else None
    if cluster.security_protocol == "SSL":
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=cluster.sasl_username,
        password=cluster.sasl_password,
        mechanism=cluster.sasl_mechanism or "PLAIN",
        ssl_context=context,
    )
