"""Comparisons: detectors that tell how far a window lies from those before it."""

from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher, Window
from streams.watch.drift.null import Null, between, unit

__all__ = ["Comparison"]

Rows = NDArray[np.float64]

_FEWEST_ROWS = 20
_TOLERATED_STEPS = 2.0
_USUAL = 0.1


class Comparison(Detector):
    """A distance between two samples, with a threshold that the reference gives.

    A window is compared with as many windows before it as the reference has. It must be further from them than chance
    and twice the largest step of those windows explain (see :mod:`streams.watch.drift.change`), and further than
    what is ``relevant``. A window that drifts is not learnt from.
    """

    resamples: ClassVar[int] = 64
    """How often the reference is drawn anew to learn what chance does."""
    most_rows: ClassVar[int] = 4096
    """Rows of a window that are compared at most, with three times as many before it."""

    relevant: float = Field(default=0.0, ge=0)
    """Smallest distance that matters, in the detector's own unit."""
    against: Literal["past", "reference"] = "past"
    """Whether a window is compared with those just before it, or with the reference for ever."""

    def learn(self, reference: Sequence[Window], setting: Setting) -> Watcher:
        """A watcher that knows how far windows of the reference lie apart."""
        return _Comparing(self, self.ruled(reference, setting), reference, setting)

    def ruled(self, reference: Sequence[Window], setting: Setting) -> "Comparison":
        """This detector, or one for the feature at hand."""
        return self

    def rows(self, window: Window) -> Rows:
        """The rows of a window that are compared (rows × columns)."""
        return window.first[:, None]

    @abstractmethod
    def squared(self, reference: Rows, window: Rows, *, categorical: bool) -> float:
        """The square of the distance between two sets of rows, or what goes with it as chi-square does."""

    def null(self, reference: Sequence[Rows], setting: Setting) -> Null:
        """What chance does."""
        return Null.of(
            reference,
            lambda first, second: self.squared(first, second, categorical=setting.categorical),
            rng=setting.rng,
            resamples=self.resamples,
        )


class _Comparing(Watcher):
    """Keeps the windows before, and the steps that they took."""

    def __init__(
        self, detector: Comparison, ruled: Comparison, reference: Sequence[Window], setting: Setting
    ) -> None:
        self._detector, self._setting = ruled, setting
        self._share = max(_FEWEST_ROWS, 3 * ruled.most_rows // max(1, len(reference)))
        rows = [self._rows(window, self._share) for window in reference]
        rows = [each for each in rows if len(each) >= _FEWEST_ROWS]
        self._past: deque[Rows] = deque(rows, maxlen=max(1, len(reference)))
        self._fixed = detector.against == "reference"
        self._steps: deque[float] = deque(maxlen=max(1, len(reference)))
        self._null: Null | None = None
        if rows:
            self._null = ruled.null(rows, setting)
            for place, squared in enumerate(between(rows, self._squared)):
                rest = sum(map(len, rows)) - len(rows[place])
                self._steps.append(
                    self._excess(squared * unit(len(rows[place]), rest), len(rows[place]), rest)
                )

    def judge(self, window: Window) -> Verdict:
        now = self._rows(window, self._detector.most_rows)
        if self._null is None or len(now) < _FEWEST_ROWS:
            return Verdict(0.0, float("inf"), 1.0, detected=False)
        past = np.concatenate(self._past)
        n, m = len(now), len(past)
        squared = self._squared(past, now)
        tolerated = max(self._detector.relevant**2, _TOLERATED_STEPS**2 * max(self._steps, default=0.0))
        critical = self._null.critical(self._setting.alpha, n=n, m=m, tolerated=tolerated)
        p = self._null.p(squared, n=n, m=m, tolerated=tolerated)
        self._step = self._excess(squared, n, m)
        return Verdict(squared**0.5, critical**0.5, p, squared > critical, self._step**0.5, tolerated**0.5)

    def settle(self, window: Window, *, detected: bool) -> None:
        rows = self._rows(window, self._share)
        if detected or self._fixed or len(rows) < _FEWEST_ROWS:
            return
        if self._null is not None:
            self._steps.append(self._step)
            self._past.append(rows)

    def _excess(self, squared: float, n: int, m: int) -> float:
        """What of a squared distance is more than one in ten windows shows by chance."""
        assert self._null is not None
        return max(0.0, squared - self._null.critical(_USUAL, n=n, m=m))

    def _squared(self, first: Rows, second: Rows) -> float:
        return self._detector.squared(first, second, categorical=self._setting.categorical)

    def _rows(self, window: Window, most: int) -> Rows:
        rows = self._detector.rows(window)
        # Every so many-th, so that what is kept spans the whole window.
        return rows[:: -(-len(rows) // most)] if len(rows) > most else rows
