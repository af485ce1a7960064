"""The live page of a monitor: its panels, the latest assets, steering, and the server, as one."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.control.propose import propose
from streams.endpoint import Answers
from streams.settings import ClusterSettings
from streams.store import AssetStore
from streams.topics import qualified
from streams.watch.drift.reading import Reading
from streams.watch.feed import Chunk
from streams.watch.heads import Heads
from streams.watch.monitor import Monitor
from streams.watch.page.dead_letters import DeadLetters
from streams.watch.page.gallery import Gallery
from streams.watch.page.latest import LatestFeed
from streams.watch.page.panels import Panels, Playbill
from streams.watch.page.server import PageServer
from streams.watch.page.shelf import Shelf
from streams.watch.page.steering import Steering

__all__ = ["LivePage", "PageSettings"]

_PATIENCE_S = 15.0
_ENDED = "the run has ended"
_DEAF = "this run has no topic 'control': it was started by an older version, or not on Kafka"


@dataclass(frozen=True)
class PageSettings:
    """What the page shows beside what the monitor reads: the playbill, and the store that its assets lie in."""

    playbill: Playbill
    store: str


class LivePage:
    """Follows a monitor: ``observe`` and ``take_readings`` as records come, ``tell`` about once a second."""

    def __init__(
        self, settings: ClusterSettings, page: PageSettings, answers: Answers, *, host: str, port: int
    ) -> None:
        run = page.playbill.run
        self._panels, self._gallery, self._letters = Panels(page.playbill), Gallery(), DeadLetters()
        self._control = qualified(run, "control")
        self._steering = Steering(
            partial(propose, settings, run, patience_s=_PATIENCE_S), why_not="waiting for the run"
        )
        self._latest = LatestFeed(settings, run, self._take, looked=self._tell_latest)
        self._server = PageServer(
            port=port,
            host=host,
            answers=answers,
            steering=self._steering,
            shelf=Shelf(AssetStore(page.store)),
        )
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._server.url

    def observe(self, chunk: Chunk, heads: Heads, fresh: NDArray[np.bool_]) -> None:
        """See the records of a source topic."""
        self._panels.take(chunk, heads, fresh)

    def take_readings(self, readings: list[Reading]) -> None:
        """Take drift readings as windows close."""
        self._panels.take_readings(readings)

    def tell(
        self,
        monitor: Monitor,
        audit: Mapping[str, Any],
        drift: Mapping[str, Any],
        lag: Mapping[str, Mapping[str, int]],
        *,
        ended: bool,
    ) -> None:
        """Publish the state of every panel."""
        self._steering.why_not = self._why_not(monitor, ended=ended)
        self._server.publish(self._panels.look(monitor, audit, drift, lag, ended=ended))

    def _tell_latest(self) -> None:
        counts = self._latest.counts
        self._server.publish(
            {
                "assets": {**self._gallery.as_json(), "count": counts["assets"]},
                "dead_letters": self._letters.as_json(counts["dead_letters"]),
            }
        )

    def _why_not(self, monitor: Monitor, *, ended: bool) -> str:
        if ended or monitor.audit.ledger.all_closed:
            return _ENDED
        if not monitor.records:
            return "waiting for the run"
        return "" if self._control in self._latest.topics else _DEAF

    def _take(self, topic: str, value: bytes) -> None:
        if topic == "assets":
            self._gallery.take(value)
        else:
            self._letters.take(value)

    def __enter__(self) -> "LivePage":
        self._stack.enter_context(self._server)
        self._stack.enter_context(self._latest)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
