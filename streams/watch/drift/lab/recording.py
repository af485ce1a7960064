"""Recordings: what a world shows of each feature, window by window, straight from its columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.batch import EventBatch, Tick
from sim.features import DriftWatch, Feature
from sim.scenario import Scenario
from sim.world import World
from streams.watch.drift.detector import Window

__all__ = ["Recording", "recorded"]

Parts = dict[str, list[tuple[NDArray[np.int64], NDArray[np.float64]]]]


@dataclass(frozen=True)
class Recording:
    """The windows of every feature, all from the same start, and the onset of the planted shift if there was one."""

    windows: Mapping[str, list[Window]]
    onset: int | None
    span_ms: int

    @property
    def spread(self) -> float:
        """Standard deviation over mean of the first numeric feature."""
        values = np.concatenate([window.first for window in next(iter(self.windows.values()))])
        return float(values.std() / values.mean())


def recorded(scenario: Scenario, span: int) -> Recording:
    """Act a scenario out for a span of simulated time (ms), and keep what its drift features show."""
    watch, start = scenario.drift, scenario.start_ms
    parts: Parts = {feature.name: [] for feature in watch.features}
    onset: int | None = None
    for tick in World(scenario).ticks():
        if tick.at >= start + span:
            break
        for feature in watch.features:
            parts[feature.name] += _shown(feature, tick)
        onset = _onset(tick) if onset is None else onset
    windows = {name: list(_windows(found, watch, start, span)) for name, found in parts.items()}
    return Recording(windows, onset, span)


def _shown(feature: Feature, tick: Tick) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    for batch in tick.on(feature.topic):
        if batch.kind.name in feature.kinds and len(batch):
            columns = [_numbers(feature, name, batch) for name in feature.fields]
            yield batch.at, np.column_stack(columns)


def _numbers(feature: Feature, name: str, batch: EventBatch) -> NDArray[np.float64]:
    """A field as numbers: words by their codes, missing ones NaN."""
    if name == "kind":
        return np.full(len(batch), float(feature.kinds.index(batch.kind.name)))
    column = np.ma.asarray(batch.columns[name]).astype(np.float64)
    numbers: NDArray[np.float64] = np.ma.filled(column, np.nan)
    return numbers


def _windows(
    parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]], watch: DriftWatch, start: int, span: int
) -> Iterator[Window]:
    times = np.concatenate([at for at, _ in parts])
    values = np.concatenate([rows for _, rows in parts])
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    edges = range(start, start + span + 1, watch.window)
    places = np.searchsorted(times, list(edges))
    for number, (first, last) in enumerate(pairwise(places)):
        yield Window(edges[number], edges[number + 1], times[first:last], values[first:last])


def _onset(tick: Tick) -> int | None:
    found = [int(batch.at[0]) for batch in tick.on("truth") if batch.kind.name == "shift"]
    return min(found, default=None)
