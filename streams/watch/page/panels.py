"""The panels: everything the page shows, kept small whatever the run's length and rate. Pure: it is fed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.features import Feature
from streams.watch.drift.reading import Reading
from streams.watch.feed import Chunk
from streams.watch.heads import Heads
from streams.watch.intake import SOURCE_TOPICS
from streams.watch.monitor import Monitor
from streams.watch.page.drift_panel import DriftPanel
from streams.watch.page.funnel import Funnel
from streams.watch.page.kind_counts import KindCounts
from streams.watch.page.lateness_trend import LatenessTrend
from streams.watch.page.network import network
from streams.watch.page.pace import Pace
from streams.watch.page.posts import Posts
from streams.watch.page.rates import Rates

__all__ = ["Panels", "Playbill"]

_NETWORK_EVERY_S = 3.0
_DOUBTS = 5
_NEWEST = 2_000
_LONG = ("missing", "examples", "doubts", "notes", "parts")


@dataclass(frozen=True)
class Playbill:
    """What is being played: the run's name, and the scenario's."""

    run: str
    scenario: str
    about: str = ""
    features: tuple[Feature, ...] = ()


class Panels:
    """Takes what a monitor takes, and tells about once a second the state of every panel."""

    def __init__(self, playbill: Playbill, *, clock: Callable[[], float] = time.time) -> None:
        self._playbill, self._clock = playbill, clock
        self._began = clock()
        self._kinds, self._funnel, self._rates = KindCounts(), Funnel(), Rates()
        self._read = dict.fromkeys(SOURCE_TOPICS, 0)
        self._drift = DriftPanel(feature.name for feature in playbill.features)
        self._posts, self._pace, self._lateness = Posts(), Pace(), LatenessTrend()
        self._network: dict[str, Any] = network([])
        self._network_at, self._network_of = 0.0, 0

    def take(self, chunk: Chunk, heads: Heads, fresh: NDArray[np.bool_]) -> None:
        """Take the records of a source topic."""
        whole = bool(fresh.all())
        self._read[chunk.topic] += len(fresh) if whole else int(np.count_nonzero(fresh))
        if chunk.topic == "journeys":
            self._kinds.take("journeys", heads.kinds if whole else heads.kinds[fresh])
        elif chunk.topic == "content":
            self._posts.take(chunk.lines(np.flatnonzero(fresh)[-_NEWEST:].tolist()))
        elif chunk.topic == "truth":
            labels = np.flatnonzero(heads.of_kind(["label"]) & fresh)
            self._posts.take_truth(chunk.lines(labels[-_NEWEST:].tolist()))

    def take_readings(self, readings: list[Reading]) -> None:
        """Take drift readings as windows close."""
        self._drift.take(readings)

    def look(
        self,
        monitor: Monitor,
        audit: Mapping[str, Any],
        drift: Mapping[str, Any],
        lag: Mapping[str, Mapping[str, int]],
        *,
        ended: bool,
    ) -> dict[str, object]:
        """The state of every panel that the monitor knows, by name.

        ``audit`` and ``drift`` are what the endpoint tells; ``lag`` is records by group and topic.
        """
        now = self._clock()
        self._rates.look(now, self._read)
        self._lateness.look(monitor.audit.ledger.shards.values())
        self._funnel.look(self._kinds.of("journeys"))
        return {
            "run": self._run(monitor, now, ended=ended),
            "throughput": {
                **self._rates.as_json(),
                "now": self._now(),
                "lateness": self._lateness.as_json(),
            },
            "audit": _audit(audit, ended=ended),
            "lag": {group: dict(topics) for group, topics in lag.items()},
            "funnel": self._funnel.as_json(),
            "drift": self._drift.as_json(drift["shifts"], drift["false_alarms"]),
            "campaigns": self._campaigns(now, ended=ended),
        }

    def _now(self) -> float:
        return round(sum(self._rates.mean(topic, 5.0) for topic in self._read), 1)

    def _run(self, monitor: Monitor, now: float, *, ended: bool) -> dict[str, Any]:
        ledger, simulated = monitor.audit.ledger, monitor.watermarks.newest
        phase = "ended" if ended else "waiting" if simulated is None else "streaming"
        return {
            "name": self._playbill.run,
            "scenario": self._playbill.scenario,
            "about": self._playbill.about,
            "phase": phase,
            "began": self._began,
            "now": round(now, 1),
            "simulated": simulated,
            "speed": self._pace.of(now, simulated),
            "features": [{"name": one.name, "field": one.field} for one in self._playbill.features],
            "records": sum(self._read.values()),
            "shards": len(ledger.shards),
            "open_shards": len(ledger.open_shards),
        }

    def _campaigns(self, now: float, *, ended: bool) -> dict[str, Any]:
        due = now - self._network_at >= _NETWORK_EVERY_S or ended
        if due and self._posts.seen != self._network_of:
            self._network_at, self._network_of = now, self._posts.seen
            self._network = network(self._posts.look())
        return self._network


def _audit(verdict: Mapping[str, Any], *, ended: bool) -> dict[str, Any]:
    """The verdict without its long lists."""
    told = {name: value for name, value in verdict.items() if name not in _LONG}
    return {**told, "doubts": list(verdict.get("doubts", ()))[:_DOUBTS], "settled": ended}
