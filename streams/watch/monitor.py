"""The monitor: audit and drift of a run, from one reading of its topics."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.features import DriftWatch
from streams import metrics
from streams.watch.audit import DeliveryAudit
from streams.watch.drift.board import DriftBoard
from streams.watch.drift.reading import Reading
from streams.watch.feed import Chunk
from streams.watch.heads import Heads
from streams.watch.intake import AUDIT_TOPIC, take, take_progress
from streams.watch.shifts import PlantedShift, false_alarms, judged
from streams.watch.verdict import Verdict
from streams.watch.watermarks import Watermarks

__all__ = ["Monitor", "MonitorReport"]

_MOST_READINGS = 100_000

Observe = Callable[[Chunk, Heads, NDArray[np.bool_]], None]
"""Sees the records of a source topic, their heads, and which came for the first time."""


@dataclass(frozen=True)
class MonitorReport:
    """What a monitor has seen from its start to its end."""

    audit: Verdict
    drift: list[dict[str, Any]]
    false_alarms: int
    readings: int
    records: int
    elapsed_s: float

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "audit": self.audit.as_json(),
            "drift": self.drift,
            "false_alarms": self.false_alarms,
            "readings": self.readings,
            "records": self.records,
            "elapsed_s": round(self.elapsed_s, 3),
            "records_per_s": round(self.records / self.elapsed_s) if self.elapsed_s else 0,
        }


class Monitor:
    """Takes chunks of a run's topics; gives readings, metrics, pages and a report. Knows no Kafka."""

    def __init__(
        self,
        watch: DriftWatch,
        *,
        lateness_tolerance_ms: int = 60_000,
        observers: Sequence[Observe] = (),
    ) -> None:
        self._observers = tuple(observers)
        self.audit = DeliveryAudit(lateness_tolerance_ms=lateness_tolerance_ms)
        self.board = DriftBoard(watch)
        self.watermarks = Watermarks(self.audit)
        self.shifts: dict[str, PlantedShift] = {}
        self.readings: list[Reading] = []
        self.records, self._read_count = 0, 0
        self._started = self._last = time.monotonic()

    def take(self, chunk: Chunk) -> None:
        """Take the records of one partition."""
        self._last = time.monotonic()
        if chunk.topic == AUDIT_TOPIC:
            take_progress(self.audit, chunk)
            return
        heads, fresh = take(self.audit, chunk)
        self.records += len(chunk)
        metrics.AUDITED.labels(chunk.topic).inc(int(np.count_nonzero(fresh)))
        self.watermarks.note(chunk.topic, chunk.partition, int(chunk.timestamps.max()))
        self.board.take(chunk, heads, fresh)
        for observe in self._observers:
            observe(chunk, heads, fresh)
        if chunk.topic == "truth":
            self._note_shifts(chunk.lines(np.flatnonzero(heads.of_kind(["shift"]) & fresh).tolist()))

    def _note_shifts(self, values: list[bytes]) -> None:
        for shift in map(PlantedShift.of, values):
            if shift is not None:
                known = self.shifts.get(shift.shift)
                self.shifts[shift.shift] = shift if known is None else known.then(shift)

    def advance(self) -> list[Reading]:
        """The readings of the windows that have ended since."""
        readings = self.board.advance(self.watermarks.of_topics())
        self._read_count += len(readings)
        self.readings = (self.readings + readings)[-_MOST_READINGS:]
        for reading in readings:
            _measure(reading)
        return readings

    def publish_metrics(self, lag: dict[str, int], *, settled: bool) -> None:
        """Set the gauges: verdict so far (final if ``settled``), lag, simulated time."""
        for verdict, count in self.audit.verdict(settled=settled).total.as_json().items():
            metrics.AUDIT.labels(verdict).set(count)
        for topic, behind in lag.items():
            metrics.CONSUMER_LAG.labels("monitor", topic).set(behind)
        if (newest := self.watermarks.newest) is not None:
            metrics.SIMULATED_TIME.set(newest / 1000)

    def drift_page(self) -> dict[str, Any]:
        """The newest reading of each feature, and the planted shifts with what found them."""
        return {
            "features": {name: reading.record() for name, reading in self.board.latest.items()},
            "shifts": [result.as_json() for result in judged(self.shifts.values(), self.readings)],
            "false_alarms": false_alarms(self.shifts.values(), self.readings),
        }

    def report(self, *, settled: bool) -> MonitorReport:
        """Everything seen so far; ``settled`` if what has not been read will not come."""
        return MonitorReport(
            audit=self.audit.verdict(settled=settled),
            drift=[result.as_json() for result in judged(self.shifts.values(), self.readings)],
            false_alarms=false_alarms(self.shifts.values(), self.readings),
            readings=self._read_count,
            records=self.records,
            elapsed_s=self._last - self._started,
        )


def _measure(reading: Reading) -> None:
    for measure, distance in reading.measures.items():
        metrics.DRIFT.labels(reading.feature, measure).set(distance)
    for name, verdict in reading.verdicts.items():
        metrics.DRIFT_DETECTED.labels(reading.feature, name).set(verdict.detected)
