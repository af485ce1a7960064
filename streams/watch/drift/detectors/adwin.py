"""ADWIN on the course of a feature."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from streams.watch.drift.adwin import Adwin
from streams.watch.drift.bins import Bins
from streams.watch.drift.course import course
from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher, Window

__all__ = ["AdaptiveWindowing"]

_CLOCK = 4


class AdaptiveWindowing(Detector):
    """ADWIN over means of short slices of time, on the scale of ranks: finds slow changes, too, without windows.

    What is alike within a slice counts once. Source: Bifet and Gavaldà (2007), "Learning from time-changing data with
    adaptive windowing", SIAM International Conference on Data Mining.

    >>> AdaptiveWindowing(delta=0.01).slices
    64
    """

    kind: Literal["adwin"] = "adwin"
    delta: float = Field(default=0.002, gt=0, lt=1)
    """Confidence: the smaller, the fewer false alarms and the later the true ones."""
    slices: int = Field(default=64, ge=4, le=1000)
    """Slices of a window whose means it follows."""

    def learn(self, reference: Sequence[Window], setting: Setting) -> Watcher:
        """A watcher that has seen the reference."""
        return _Adapting(self, reference, setting)


class _Adapting(Watcher):
    """Feeds ADWIN, and says when it drops its past."""

    def __init__(self, detector: AdaptiveWindowing, reference: Sequence[Window], setting: Setting) -> None:
        self._slices = detector.slices
        self._bins = Bins.over(reference, categorical=setting.categorical)
        self._adwin = Adwin(delta=detector.delta, clock=_CLOCK)
        self._delta = detector.delta
        for window in reference:
            self._adwin.update(course(window, self._bins, self._slices)[1])

    def judge(self, window: Window) -> Verdict:
        times, means = course(window, self._bins, self._slices)
        before = self._adwin.mean
        changed = self._adwin.update(means)
        apart = abs(float(np.mean(means)) - before) if len(means) else 0.0
        at = None if changed is None else int(times[max(0, changed)])
        return Verdict(apart, self._delta, None, changed is not None, effect=apart, at_ms=at)

    def settle(self, window: Window, *, detected: bool) -> None:
        """It has learnt already."""
