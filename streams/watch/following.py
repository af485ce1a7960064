"""Following a run: the monitor on its feed, with readings published and pages served."""

import time
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from threading import Event
from typing import Any

import orjson
from confluent_kafka import Producer

from sim.features import DriftWatch
from streams.codec.reading import Reader
from streams.endpoint import Answers
from streams.settings import ClusterSettings
from streams.topics import qualified
from streams.tracing import span
from streams.watch.drift.reading import Reading
from streams.watch.ending import Settling
from streams.watch.feed import Feed
from streams.watch.groups import GroupLag
from streams.watch.intake import AUDIT_TOPIC, SOURCE_TOPICS
from streams.watch.monitor import Monitor, MonitorReport
from streams.watch.page.live import LivePage, PageSettings

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
    reader: Reader | None = None,
    page: PageSettings | None = None,
    endpoint_port: int = 0,
    endpoint_host: str = "127.0.0.1",
    stop: Event | None = None,
    on_endpoint: Callable[[str], None] = lambda url: None,
    on_progress: Callable[[Monitor], None] = lambda monitor: None,
    before_end: Callable[[MonitorReport], None] = lambda report: None,
) -> MonitorReport:
    """Follow a run from its beginning until asked to stop, ``for_s`` has passed, or every shard has closed.

    Waits for the run's topics if they are not there yet. Publishes readings to the topic ``drift``; serves the live
    page with the endpoints beside it, if it is told what to show (port 0 takes a free one), until ``before_end``, which
    is given the report, returns. Raises
    :class:`~streams.exits.BrokerUnavailableError` if the broker is away for ``patience_s``.
    """
    stop = stop or Event()
    deadline = time.monotonic() + (for_s if for_s is not None else _FOREVER_S)
    with ExitStack() as stack:
        topics = (*SOURCE_TOPICS, AUDIT_TOPIC)
        feed = stack.enter_context(Feed(settings, run, topics, patience_s=patience_s, reader=reader))
        told = _Told()
        live = (
            None
            if page is None
            else LivePage(settings, page, told.answers, host=endpoint_host, port=endpoint_port)
        )
        if live:
            stack.enter_context(live)
        monitor = Monitor(
            watch, lateness_tolerance_ms=lateness_tolerance_ms, observers=(live.observe,) if live else ()
        )
        settling = Settling(monitor.audit, settle_s)
        follower = _Follower(
            monitor,
            feed,
            _Readings(settings, run),
            settling,
            GroupLag(settings, run),
            told,
            live,
            on_progress,
        )
        if live:
            follower.show(ended=False)
            on_endpoint(live.url)
        feed.open(wait_s=min(_FOREVER_S, for_s or _FOREVER_S), stop=stop)
        while not (stop.is_set() or time.monotonic() >= deadline or (until_closed and settling.complete)):
            follower.step()
        follower.end()
        if not monitor.audit.complete and settling.complete:
            monitor.audit.note_offsets(feed.offsets())
        report = monitor.report(settled=settling.complete)
        before_end(report)
    return report


class _Told:
    """What the endpoint tells, renewed by the follower, so that a request never meets half of a step."""

    def __init__(self) -> None:
        self.ready = False
        self.drift: dict[str, Any] = {}
        self.audit: dict[str, Any] = {}
        self.answers = Answers(
            lambda: self.ready, {"/drift": lambda: self.drift, "/audit": lambda: self.audit}
        )


class _Follower:
    """One round after the other: read, take, close windows, publish, tell."""

    def __init__(
        self,
        monitor: Monitor,
        feed: Feed,
        readings: "_Readings",
        settling: Settling,
        groups: GroupLag,
        told: _Told,
        live: LivePage | None,
        on_progress: Callable[[Monitor], None],
    ) -> None:
        self._monitor, self._feed, self._readings, self._settling = monitor, feed, readings, settling
        self._groups, self._told, self._live, self._on_progress = groups, told, live, on_progress
        self._told_at = 0.0

    def step(self) -> None:
        chunks = self._feed.read()
        count = sum(map(len, chunks))
        with span("audit step", greenroom__records=count) if count else nullcontext():
            for chunk in chunks:
                self._monitor.take(chunk)
            self._settling.note(count)
            readings = self._monitor.advance()
        self._readings.publish(readings)
        if self._live:
            self._live.take_readings(readings)
        if time.monotonic() - self._told_at >= _TELL_EVERY_S:
            self._tell()

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        self._feed.look_again()
        self._groups.look()
        self._monitor.publish_metrics(self._feed.lag(), settled=self._settling.complete)
        self.show(ended=False)
        self._told.ready = True
        self._on_progress(self._monitor)

    def show(self, *, ended: bool) -> None:
        """Renew what the endpoint and the page tell."""
        self._told.audit = self._monitor.audit.verdict(settled=self._settling.complete).as_json()
        self._told.drift = self._monitor.drift_page()
        if self._live:
            lag = {"monitor": self._feed.lag(), **self._groups.behind}
            self._live.tell(self._monitor, self._told.audit, self._told.drift, lag, ended=ended)

    def end(self) -> None:
        self._tell()
        self.show(ended=True)
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
