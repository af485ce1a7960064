"""The desk: takes source records, sends their specs to the darkroom, and publishes what comes back.

Several records are in work at once. Records of one key are published in their order; a record is
acknowledged when its enriched record and its asset records are, and never before the records ahead of it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from media_gen.spec import MediaSpec
from streams.codec.reading import Reader, UnreadableError
from streams.enrich.darkroom import Darkroom
from streams.enrich.enrichment import Origin, Record, decode, enrich, origin_of, reference, requested
from streams.enrich.failures import Failure, FailureError, dead_letter
from streams.enrich.ledger import Entry, Ledger
from streams.exits import GreenroomError
from streams.metrics import ASSET_BYTES, ASSETS, DEAD_LETTERS, ENRICHED, ENRICHMENT_SECONDS
from streams.traceparent import child, of_event
from streams.tracing import current_traceparent, exemplar, span

__all__ = ["Desk", "Outbox", "Source"]

_REMEMBERED_ASSETS = 4096


@dataclass(frozen=True)
class Source:
    """A source record as it was read: ``topic`` without the run's prefix, key, value and trace context as they came."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    acknowledge: Callable[[], object]
    generation: Hashable = None
    traceparent: bytes | None = None
    read_at: float = field(default_factory=time.monotonic)


class Outbox(Protocol):
    """Where the desk publishes."""

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
        """Publish a record and return once it is acknowledged; FailureError "too_large" if it can never be.

        ``beside`` asks for the partition of that source record, if the two topics have equally many; ``traceparent`` is
        the context of its trace, if it has one.
        """


@dataclass(frozen=True)
class Order:
    """What one source record asks for."""

    record: Record
    specs: tuple[MediaSpec, ...]
    origin: Origin
    traceparent: bytes | None


class Desk:
    """Enriches records, at most ``places`` at once; :meth:`admit` waits for a free place."""

    def __init__(
        self, darkroom: Darkroom, outbox: Outbox, *, places: int, reader: Reader | None = None
    ) -> None:
        """``reader`` knows the formats of the source records; by default it knows JSON."""
        self._darkroom, self._outbox, self._reader = darkroom, outbox, reader or Reader()
        self._places = asyncio.Semaphore(places)
        self._ledger = Ledger()
        self._assets: OrderedDict[str, asyncio.Task[Record]] = OrderedDict()
        self._last_of_key: dict[Hashable, asyncio.Task[None]] = {}
        self._open = True
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def admit(self, source: Source) -> None:
        """Take a record in; one that asks for no media is done at once."""
        try:
            order = self._order(source)
        except GreenroomError as error:  # no registry answers, say: nothing can be read until one does
            self._open = False
            if not self.failed.done():
                self.failed.set_exception(error)
            return
        if order is not None:
            await self._places.acquire()
        if not self._open:
            return
        entry = self._ledger.open((source.topic, source.partition, source.generation), source.acknowledge)
        if order is None:
            self._ledger.close(entry)
        else:
            self._start(source, entry, order)

    async def drain(self, limit_s: float) -> bool:
        """Take no more, and finish what is in work; False if that takes longer than ``limit_s``."""
        self._open = False
        if self._last_of_key:
            await asyncio.wait(list(self._last_of_key.values()), timeout=limit_s)
        return not self._last_of_key

    def abandon(self) -> None:
        """Take no more, and drop what is in work: unacknowledged, it will be read again."""
        self._open = False
        for task in (*self._last_of_key.values(), *self._assets.values()):
            task.cancel()

    def _start(self, source: Source, entry: Entry, order: Order | Failure) -> None:
        key = (
            (source.topic, source.key)
            if source.key is not None
            else (source.topic, source.partition, source.offset)
        )
        task = asyncio.create_task(self._traced(source, entry, order, self._last_of_key.get(key)))
        self._last_of_key[key] = task
        task.add_done_callback(lambda done: self._finished(key, done))

    def _finished(self, key: Hashable, task: asyncio.Task[None]) -> None:
        self._places.release()
        if self._last_of_key.get(key) is task:
            del self._last_of_key[key]
        if not task.cancelled() and (error := task.exception()) and not self.failed.done():
            self.failed.set_exception(error)

    async def _traced(
        self, source: Source, entry: Entry, order: Order | Failure, previous: asyncio.Task[None] | None
    ) -> None:
        cause = order.traceparent if isinstance(order, Order) else source.traceparent
        with span(
            "enrich record",
            cause,
            messaging__destination__name=source.topic,
            messaging__kafka__partition=source.partition,
            messaging__kafka__offset=source.offset,
        ):
            await self._carry(source, entry, order, previous)

    async def _carry(
        self, source: Source, entry: Entry, order: Order | Failure, previous: asyncio.Task[None] | None
    ) -> None:
        try:
            references = await self._references(order)
        except FailureError as error:
            references, order = [], error.failure
        if previous is not None:
            await previous
        failure = (
            order if isinstance(order, Failure) else await self._publish_enriched(source, order, references)
        )
        if failure is not None:
            await self._publish_letter(source, failure)
        self._ledger.close(entry)

    async def _references(self, order: Order | Failure) -> list[Record]:
        if isinstance(order, Failure):
            return []
        tasks = [self._asset(spec, order.origin, order.traceparent) for spec in order.specs]
        return [await asyncio.shield(task) for task in tasks]

    def _asset(self, spec: MediaSpec, origin: Origin, cause: bytes | None) -> asyncio.Task[Record]:
        name = spec.fingerprint("")
        task = self._assets.get(name)
        if task is None or task.cancelled():
            task = self._assets[name] = asyncio.create_task(self._make(spec, origin, cause))
            task.add_done_callback(_seen)
        self._assets.move_to_end(name)
        self._forget()
        return task

    def _forget(self) -> None:
        for name in list(self._assets)[: max(0, len(self._assets) - _REMEMBERED_ASSETS)]:
            if self._assets[name].done():
                del self._assets[name]

    async def _make(self, spec: MediaSpec, origin: Origin, cause: bytes | None) -> Record:
        with span("render asset", greenroom__generator=spec.kind):
            developed = await self._darkroom.develop(spec, origin)
        asset = developed.record
        if developed.fresh:
            ASSETS.labels(asset["medium"], asset["generator"]).inc()
            for file in asset["files"]:
                ASSET_BYTES.labels(asset["medium"]).observe(file["bytes"], exemplar())
        key, value = asset["asset_id"].encode(), orjson.dumps(asset)
        await self._outbox.publish(
            "assets",
            key,
            value,
            timestamp_ms=asset["occurred_at"],
            traceparent=_span(cause, asset["asset_id"]),
        )
        return reference(asset)

    async def _publish_enriched(
        self, source: Source, order: Order, references: list[Record]
    ) -> Failure | None:
        value = orjson.dumps(enrich(order.record, references))
        topic, timestamp_ms = f"{source.topic}.enriched", source.timestamp_ms
        try:
            await self._outbox.publish(
                topic,
                source.key,
                value,
                timestamp_ms=timestamp_ms,
                beside=source,
                traceparent=_span(order.traceparent, topic),
            )
        except FailureError as error:
            return error.failure
        ENRICHED.labels(source.topic).inc()
        for medium in {asset["medium"] for asset in references}:
            ENRICHMENT_SECONDS.labels(medium).observe(time.monotonic() - source.read_at, exemplar())
        return None

    async def _publish_letter(self, source: Source, failure: Failure) -> None:
        letter = dead_letter(
            failure,
            topic=source.topic,
            partition=source.partition,
            offset=source.offset,
            key=source.key,
            value=source.value or b"",
            told=self._reader.lines([source.value])[0],
            timestamp_ms=source.timestamp_ms,
        )
        try:
            await self._send_letter(letter, source)
        except (
            FailureError
        ):  # the record fits the topic, its base64 does not: its position still tells where it is
            await self._send_letter({**letter, "original": None}, source)
        DEAD_LETTERS.labels(source.topic, failure.reason).inc()

    async def _send_letter(self, letter: dict[str, Any], source: Source) -> None:
        key, value = letter["source"].encode(), orjson.dumps(letter)
        cause = source.traceparent or of_event(letter["event_id"] or "")
        await self._outbox.publish(
            "dead_letters",
            key,
            value,
            timestamp_ms=source.timestamp_ms,
            traceparent=_span(cause, "dead_letters"),
        )

    def _order(self, source: Source) -> Order | Failure | None:
        if source.value is None:  # a tombstone
            return None
        try:
            record = decode(self._reader.line(source.value))
            specs = requested(record)
            origin = origin_of(record)
        except UnreadableError as error:
            return Failure("malformed", "UnreadableError", str(error))
        except FailureError as error:
            return error.failure
        return (
            Order(record, specs, origin, source.traceparent or of_event(origin.event_id)) if specs else None
        )


def _span(cause: bytes | None, name: str) -> bytes | None:
    """The trace context of what is published because of a record: that of the present span, if there is one."""
    return current_traceparent() or (child(cause, name) if cause else None)


def _seen(task: asyncio.Task[Any]) -> None:
    """Mark the task's error as seen: whoever shares the asset gets it, even if all of them have gone."""
    if not task.cancelled():
        task.exception()
