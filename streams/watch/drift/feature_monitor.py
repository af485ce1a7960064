"""The monitor of one feature: a reference, then windows of simulated time compared with it."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.durations import DAY
from sim.features import DriftWatch, Feature
from streams.watch.drift.adwin import Adwin
from streams.watch.drift.bins import Bins
from streams.watch.drift.change import ChangeTest
from streams.watch.drift.measure import distances
from streams.watch.drift.reading import Reading
from streams.watch.drift.reservoir import Reservoir
from streams.watch.drift.sample import CategoricalSample, NumericSample, Sample

__all__ = ["FeatureMonitor"]

FALSE_ALARMS_PER_DAY = 0.05
_SLICES = 6
_FEWEST_VALUES = 50
_MOST_NAMES = 10_000
_OTHER = "(other)"
_STEADY = 0.25
_LONGEST_WARM_UP = 2

Times = NDArray[np.int64]
Values = NDArray[np.float64]


class FeatureMonitor:
    """Watches one feature in windows on a grid of simulated time, whatever the order of reading.

    The first windows, as many as the reference spans, are the reference; but a service that starts empty
    first shows only what is short (no film ends in its first hour), so windows are left out at the start
    until none steps further than a chi distance of 0.25, for two spans of the reference at most. Windows with
    fewer than 50 values say nothing. At most one false alarm in 20 simulated days is expected of all features
    of a watch together (Bonferroni over the windows of a day and the features), as long as distributions move
    no faster than :mod:`streams.watch.drift.change` tolerates.
    """

    def __init__(self, feature: Feature, watch: DriftWatch) -> None:
        self.feature, self._span = feature, watch.window
        memory = -(-watch.reference // watch.window)
        tests_a_day = max(1.0, DAY / watch.window) * max(1, len(watch.features))
        self._memory = memory
        self._warm_up_left = _LONGEST_WARM_UP * memory
        self._alpha = FALSE_ALARMS_PER_DAY / tests_a_day
        self._test = ChangeTest(alpha=self._alpha, memory=memory)
        self._adwin = Adwin(block=32, clock=1)
        self._open: dict[int, Reservoir] = {}
        self._closed_below: int | None = None
        self._reference_parts: list[tuple[Times, Values]] = []
        self._reference: Sample | None = None
        self._bins: Bins | None = None
        self._names: dict[str, int] = {}
        self.too_late = 0

    def add(self, times: Times, values: Values | Sequence[str], digests: NDArray[np.uint64]) -> None:
        """Take values with their simulated times (ms) and the digests of their event ids, in any order."""
        numbers = np.asarray(values) if self.feature.type == "numeric" else self._numbered(values)
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

    def _numbered(self, values: Values | Sequence[str]) -> Values:
        """A number for each name; names beyond the ten thousandth are all one."""
        words, where = np.unique(np.asarray(values, dtype=object), return_inverse=True)
        return np.array([self._number(word) for word in words.tolist()], dtype=np.float64)[where]

    def _number(self, word: str) -> int:
        if word not in self._names and len(self._names) >= _MOST_NAMES:
            word = _OTHER
        return self._names.setdefault(word, len(self._names))

    def advance(self, watermark: int) -> list[Reading]:
        """Close the windows that end at or before this simulated time (ms), and read them."""
        below = watermark // self._span
        due = sorted(window for window in self._open if window < below)
        self._closed_below = max(below, self._closed_below or below)
        return [reading for window in due for reading in self._close(window, self._open.pop(window))]

    def _close(self, window: int, reservoir: Reservoir) -> Iterator[Reading]:
        times, values = reservoir.columns()
        if len(values) < _FEWEST_VALUES:
            return
        if self._bins is None:
            self._grow_reference(times, values)
        else:
            yield self._read(window, times, values, reservoir.seen)

    def _grow_reference(self, times: Times, values: Values) -> None:
        """Take a window into the reference, which is complete when it spans enough steady windows."""
        self._reference_parts.append((times, values))
        if len(self._reference_parts) < self._memory:
            return
        together = np.concatenate([part for _, part in self._reference_parts])
        bins = Bins.of(together, categorical=self.feature.type == "categorical")
        test = ChangeTest(alpha=self._alpha, memory=self._memory)
        for part_times, part_values in self._reference_parts:
            test.learn(self._table(bins, part_times, part_values))
        if test.largest_step > _STEADY and self._warm_up_left:
            self._warm_up_left -= 1
            del self._reference_parts[0]
            return
        self._bins, self._test, self._reference = bins, test, self._sample(together)
        for _, part_values in self._reference_parts:
            self._adwin.update(bins.ridits[bins.codes(part_values)])
        self._reference_parts.clear()

    def _read(self, window: int, times: Times, values: Values, seen: int) -> Reading:
        assert self._bins is not None
        assert self._reference is not None
        table = self._table(self._bins, times, values)
        judgement = self._test.judge(table)
        if not judgement.detected:
            self._test.learn(table)
        changed = self._adwin.update(self._bins.ridits[self._bins.codes(values)])
        return Reading(
            feature=self.feature.name,
            detector="chi_square",
            start_ms=window * self._span,
            end_ms=(window + 1) * self._span,
            n=seen,
            reference_n=len(self._reference),
            measures=distances(self._reference, self._sample(values)),
            judgement=judgement,
            adwin_ms=None if changed is None else int(times[max(0, changed)]),
        )

    def _table(self, bins: Bins, times: Times, values: Values) -> NDArray[np.float64]:
        return bins.counts(values, times % self._span * _SLICES // self._span, _SLICES)

    def _sample(self, values: Values) -> Sample:
        if self.feature.type == "numeric":
            return NumericSample.of(values)
        numbers, counts = np.unique(values, return_counts=True)
        names = list(self._names)
        return CategoricalSample(
            {names[int(number)]: count for number, count in zip(numbers, counts.tolist(), strict=True)}
        )
