"""The monitor of one feature: a reference, then windows of simulated time judged by its detectors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.features import DriftWatch, Feature
from sim.seeds import rng_for
from streams.watch.drift.bins import Bins
from streams.watch.drift.change import ChangeTest
from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher, Window, parsed
from streams.watch.drift.distance import distances
from streams.watch.drift.names import Names
from streams.watch.drift.reading import Reading
from streams.watch.drift.reservoir import Reservoir
from streams.watch.drift.sample import NumericSample, Sample

__all__ = ["FeatureMonitor"]

_SLICES = 6
_FEWEST_VALUES = 50
_STEADY = 0.25
_LONGEST_WARM_UP = 2

Times = NDArray[np.int64]
Values = NDArray[np.float64]


class FeatureMonitor:
    """Watches one feature in windows on a grid of simulated time, whatever the order of reading.

    The first windows, as many as the reference spans, are the reference; but a service that starts empty
    first shows only what is short (no film ends in its first hour), so windows are left out at the start
    until none steps further than a chi distance of 0.25, for two spans of the reference at most. Windows with
    fewer than 50 records say nothing. The false alarms of each detector are bounded over all features of a
    watch together: its daily budget is spent evenly on the windows of a day, and divided among the features
    (:mod:`streams.watch.drift.control`), as long as distributions move no faster than it tolerates.
    """

    def __init__(
        self, feature: Feature, watch: DriftWatch, *, detectors: Sequence[Detector] | None = None
    ) -> None:
        self.feature, self._watch, self._span = feature, watch, watch.window
        chosen = parsed(watch.detectors) if detectors is None else detectors
        self.detectors = [each for each in chosen if each.takes(feature.type)]
        self._memory = -(-watch.reference // watch.window)
        self._left_out = -(-watch.warm_up // watch.window)
        self._warm_up_left = _LONGEST_WARM_UP * self._memory
        self._watchers: dict[str, Watcher] | None = None
        self._open: dict[int, Reservoir] = {}
        self._closed_below: int | None = None
        self._growing: list[Window] = []
        self._reference: Sample | None = None
        self._names = Names()
        self.too_late = 0

    def add(self, times: Times, values: Any, digests: NDArray[np.uint64]) -> None:
        """Take values with their simulated times (ms) and the digests of their event ids, in any order.

        ``values`` are numbers (records, or records × fields; NaN where missing) or names (None where missing).
        """
        numbers = self._names.numbered(values) if self.feature.type == "categorical" else np.asarray(values)
        index = times // self._span
        if self._closed_below is not None:
            in_time = index >= self._closed_below
            self.too_late += int(np.count_nonzero(~in_time))
            times, numbers, digests, index = (
                times[in_time],
                numbers[in_time],
                digests[in_time],
                index[in_time],
            )
        for window in np.unique(index).tolist():
            rows = index == window
            self._open.setdefault(window, Reservoir()).add(times[rows], numbers[rows], digests[rows])

    def advance(self, watermark: int) -> list[Reading]:
        """Close the windows that end at or before this simulated time (ms), read them and learn from them."""
        readings = []
        for window in self.due(watermark):
            if draft := self.judge(window):
                self.settle(draft)
                readings.append(draft)
        return readings

    def due(self, watermark: int) -> list[int]:
        """Numbers of the windows that end at or before this simulated time (ms); nothing is added to them any more."""
        below = watermark // self._span
        self._closed_below = max(below, self._closed_below or below)
        return sorted(window for window in self._open if window < below)

    def judge(self, number: int) -> Reading | None:
        """What the detectors say of a window that is due; None while the reference grows."""
        reservoir = self._open.pop(number)
        times, values = reservoir.columns()
        window = Window(number * self._span, (number + 1) * self._span, times, values.reshape(len(times), -1))
        self._judged = window
        if len(window) < _FEWEST_VALUES:
            return None
        if self._watchers is None:
            self._grow_reference(window)
            return None
        return self._reading(window, reservoir.seen, dict(self._verdicts(window, self._watchers)))

    def _verdicts(self, window: Window, watchers: Mapping[str, Watcher]) -> Iterator[tuple[str, Verdict]]:
        alarms = {detector.label: detector.alarms for detector in self.detectors}
        for name, watcher in watchers.items():
            yield name, replace(watcher.judge(window), alarms=alarms[name])

    def settle(self, reading: Reading) -> None:
        """Let the detectors learn from the window just judged, as it has been decided."""
        assert self._watchers is not None
        for name, watcher in self._watchers.items():
            watcher.settle(self._judged, detected=reading.fired(name))

    def _grow_reference(self, window: Window) -> None:
        """Take a window into the reference, which is complete when it spans enough steady windows."""
        if self._left_out:
            self._left_out -= 1
            return
        self._growing.append(window)
        if len(self._growing) < self._memory:
            return
        if self._warm_up_left and self._largest_step() > _STEADY:
            self._warm_up_left -= 1
            del self._growing[0]
            return
        self._reference = self._sample(np.concatenate([part.first for part in self._growing]))
        self._watchers = dict(self._learnt())
        self._growing.clear()

    def _largest_step(self) -> float:
        bins = Bins.over(self._growing, categorical=self.feature.type == "categorical")
        test = ChangeTest(alpha=self._watch.alpha, memory=self._memory)
        for part in self._growing:
            test.learn(bins.counts(part.values[:, 0], part.slices(_SLICES), _SLICES))
        return test.largest_step

    def _learnt(self) -> Iterator[tuple[str, Watcher]]:
        alpha = self._watch.alpha / max(1, len(self._watch.features))
        for detector in self.detectors:
            rng = rng_for(0, "drift", self.feature.name, detector.label)
            setting = Setting(self.feature.type == "categorical", alpha, rng)
            yield detector.label, detector.learn(self._growing, setting)

    def _reading(self, window: Window, seen: int, verdicts: dict[str, Verdict]) -> Reading:
        assert self._reference is not None
        sample = self._sample(window.first)
        measured = distances(self._reference, sample) if len(sample) and len(self._reference) else {}
        return Reading(
            feature=self.feature.name,
            start_ms=window.start,
            end_ms=window.end,
            n=seen,
            reference_n=len(self._reference),
            measures=measured,
            verdicts=verdicts,
            missing=1 - len(window.first) / len(window),
        )

    def _sample(self, values: Values) -> Sample:
        return NumericSample.of(values) if self.feature.type == "numeric" else self._names.sample(values)
