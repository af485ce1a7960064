"""The Page-Hinkley test on the course of a feature."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from streams.watch.drift.bins import Bins
from streams.watch.drift.course import course
from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher, Window

__all__ = ["PageHinkley"]

_LEAST_SPREAD = 1e-3
_BATCH = 4


class PageHinkley(Detector):
    """Sums of deviations from the mean, of which each excess over ``drift`` counts; fires above a threshold.

    Deviations are those of means of short slices of time, in their standard deviations in the reference (over batches
    of four slices, so that neighbours that are alike count less). Source: Page (1954), "Continuous inspection schemes",
    Biometrika 41; Hinkley (1971), "Inference about the change-point from cumulative sum tests", Biometrika 58.

    >>> PageHinkley(threshold=20).drift
    0.75
    """

    kind: Literal["page_hinkley"] = "page_hinkley"
    drift: float = Field(default=0.75, ge=0, le=10)
    """Deviation that is tolerated, in standard deviations of a slice's mean."""
    threshold: float = Field(default=12.0, gt=0)
    """Sum of deviations at which it fires."""
    slices: int = Field(default=32, ge=4, le=1000)
    """Slices of a window whose means it follows."""
    forgetting: float = Field(default=0.2, ge=0, le=1)
    """Weight of the newest window in the mean from which deviations are counted."""

    def learn(self, reference: Sequence[Window], setting: Setting) -> Watcher:
        """A watcher that knows mean and spread of the reference."""
        return _Summing(self, reference, setting)


class _Summing(Watcher):
    """Two sums, one for each direction."""

    def __init__(self, detector: PageHinkley, reference: Sequence[Window], setting: Setting) -> None:
        self._detector = detector
        self._bins = Bins.over(reference, categorical=setting.categorical)
        courses = [self._course(window)[1] for window in reference]
        self._means = means = np.concatenate(courses)
        self._mean = float(means.mean()) if len(means) else 0.5
        self._spread = max(_LEAST_SPREAD, _long_run_deviation(means))
        self._up, self._down = 0.0, 0.0

    def judge(self, window: Window) -> Verdict:
        times, means = self._course(window)
        self._means = means
        greatest, fired = 0.0, None
        for at, deviation in zip(times.tolist(), ((means - self._mean) / self._spread).tolist(), strict=True):
            self._up = max(0.0, self._up + deviation - self._detector.drift)
            self._down = max(0.0, self._down - deviation - self._detector.drift)
            greatest = max(greatest, self._up, self._down)
            if fired is None and greatest > self._detector.threshold:
                fired = at
        return Verdict(greatest, self._detector.threshold, None, fired is not None, at_ms=fired)

    def settle(self, window: Window, *, detected: bool) -> None:
        """After a change, everything is counted from the new level."""
        if not len(self._means):
            return
        weight = 1.0 if detected else self._detector.forgetting
        self._mean += weight * (
            float(self._means[-_BATCH:].mean() if detected else self._means.mean()) - self._mean
        )
        if detected:
            self._up = self._down = 0.0

    def _course(self, window: Window) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return course(window, self._bins, self._detector.slices)


def _long_run_deviation(means: NDArray[np.float64]) -> float:
    """The deviation of a slice's mean, as that of means of four of them shows it."""
    batches = means[: len(means) // _BATCH * _BATCH].reshape(-1, _BATCH).mean(axis=1)
    if len(batches) < 2:
        return 0.0
    return float(max(means.std(ddof=1), batches.std(ddof=1) * _BATCH**0.5))
