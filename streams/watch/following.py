"""Following a run: the monitor on its feed, with readings published and pages served."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event
from typing import Any

import orjson
from confluent_kafka import Producer

from sim.features import DriftWatch
from streams.endpoint import Endpoint
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.watch.drift.reading import Reading
from streams.watch.ending import Settling
from streams.watch.feed import Feed
from streams.watch.groups import GroupLag
from streams.watch.intake import AUDIT_TOPIC, SOURCE_TOPICS
from streams.watch.monitor import Monitor, MonitorReport

__all__ = ["monitor_stream"]

_TELL_EVERY_S = 1.0
_FLUSH_S = 10.0
_FOREVER_S = 86_400.0 * 365


def monitor_stream(
    settings: ClusterSettings,
    run: str,
    watch: DriftWatch,
    *,
    until_closed: bool = False,
    for_s: float | None = None,
    settle_s: float = 10.0,
    lateness_tolerance_ms: int = 60_000,
    patience_s: float = 30.0,
    endpoint_port: int | None = None,
    endpoint_host: str = "127.0.0.1",
    stop: Event | None = None,
    on_endpoint: Callable[[str], None] = lambda url: None,
    on_progress: Callable[[Monitor], None] = lambda monitor: None,
) -> MonitorReport:
    """Follow a run from its beginning until asked to stop, ``for_s`` has passed, or every shard has closed.

    Waits for the run's topics if they are not there yet. Publishes readings to the topic ``drift``; serves an
    :class:`~streams.endpoint.Endpoint` if a port is given (0 takes a free one). Raises
    :class:`~streams.exits.BrokerUnavailableError` if the broker is away for ``patience_s``.
    """
    stop = stop or Event()
    monitor = Monitor(watch, lateness_tolerance_ms=lateness_tolerance_ms)
    settling = Settling(monitor.audit, settle_s)
    deadline = time.monotonic() + (for_s if for_s is not None else _FOREVER_S)
    with ExitStack() as stack:
        feed = stack.enter_context(Feed(settings, run, (*SOURCE_TOPICS, AUDIT_TOPIC), patience_s=patience_s))
        follower = _Follower(
            monitor, feed, _Readings(settings, run), settling, GroupLag(settings, run), on_progress
        )
        if endpoint_port is not None:
            pages = {"/drift": lambda: follower.pages["/drift"], "/audit": lambda: follower.pages["/audit"]}
            endpoint = Endpoint(
                port=endpoint_port, host=endpoint_host, ready=lambda: follower.ready, pages=pages
            )
            stack.enter_context(endpoint)
            on_endpoint(endpoint.url)
        feed.open(wait_s=min(_FOREVER_S, for_s or _FOREVER_S), stop=stop)
        while not (stop.is_set() or time.monotonic() >= deadline or (until_closed and settling.complete)):
            follower.step()
        follower.end()
        if not monitor.audit.complete and settling.complete:
            monitor.audit.note_first_offsets(feed.first_offsets())
    return monitor.report(settled=settling.complete)


class _Follower:
    """One round after the other: read, take, close windows, publish, tell."""

    def __init__(
        self,
        monitor: Monitor,
        feed: Feed,
        readings: "_Readings",
        settling: Settling,
        groups: GroupLag,
        on_progress: Callable[[Monitor], None],
    ) -> None:
        self._monitor, self._feed, self._readings, self._settling = monitor, feed, readings, settling
        self._groups, self._on_progress = groups, on_progress
        self._told = 0.0
        self.ready = False
        self.pages: dict[str, Any] = {"/drift": {}, "/audit": {}}

    def step(self) -> None:
        chunks = self._feed.read()
        for chunk in chunks:
            self._monitor.take(chunk)
        self._settling.note(sum(map(len, chunks)))
        self._readings.publish(self._monitor.advance())
        if time.monotonic() - self._told >= _TELL_EVERY_S:
            self._tell()

    def _tell(self) -> None:
        """Renew metrics and pages: they are made here, so that a request never meets half of a step."""
        self._told = time.monotonic()
        self._feed.look_again()
        self._groups.look()
        self._monitor.publish_metrics(self._feed.lag(), settled=self._settling.complete)
        audit = self._monitor.audit.verdict(settled=self._settling.complete).as_json()
        self.pages = {"/drift": self._monitor.drift_page(), "/audit": audit}
        self.ready = True
        self._on_progress(self._monitor)

    def end(self) -> None:
        self._tell()
        self._readings.flush()


class _Readings:
    """Publishes readings to the topic ``drift``."""

    def __init__(self, settings: ClusterSettings, run: str) -> None:
        self._topic = qualified(run, "drift")
        self._producer = Producer(
            {**settings.librdkafka(), "enable.idempotence": True, "linger.ms": 20, "log_level": 0}
        )

    def publish(self, readings: list[Reading]) -> None:
        for reading in readings:
            self._producer.produce(
                self._topic,
                orjson.dumps(reading.record()),
                reading.feature.encode(),
                timestamp=reading.end_ms,
            )
        self._producer.poll(0)

    def flush(self) -> None:
        self._producer.flush(_FLUSH_S)
