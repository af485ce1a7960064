"""The chi-square test of a relevant change."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from streams.watch.drift.bins import Bins
from streams.watch.drift.change import ChangeTest, Table
from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher, Window

__all__ = ["ChiSquare"]


class ChiSquare(Detector):
    """Pearson's test on bins, with bins for what is missing and for names not seen before.

    A window must differ from those before it by more than chance and twice their largest step (see
    :mod:`streams.watch.drift.change`). Source: Pearson (1900), "On the criterion that a given system of deviations …";
    correction for values that are alike: Rao and Scott (1981), "The analysis of categorical data from complex sample
    surveys", Journal of the American Statistical Association 76.

    >>> ChiSquare(slices=12).label
    'chi_square'
    """

    kind: Literal["chi_square"] = "chi_square"
    missing: ClassVar[bool] = True
    slices: int = Field(default=6, ge=2, le=60)
    """Slices of a window, between which the dispersion of counts is estimated."""

    def learn(self, reference: Sequence[Window], setting: Setting) -> Watcher:
        """A watcher with bins of the reference."""
        return _Counting(self, reference, setting)


class _Counting(Watcher):
    """Counts by slice and bin, and the test that knows the windows before."""

    def __init__(self, detector: ChiSquare, reference: Sequence[Window], setting: Setting) -> None:
        self._slices = detector.slices
        self._bins = Bins.over(reference, categorical=setting.categorical)
        self._test = ChangeTest(alpha=setting.alpha, memory=len(reference))
        for window in reference:
            self._test.learn(self._table(window))

    def judge(self, window: Window) -> Verdict:
        found = self._test.judge(self._table(window))
        return Verdict(
            found.statistic, found.critical, found.p, found.detected, found.effect, found.tolerance
        )

    def settle(self, window: Window, *, detected: bool) -> None:
        if not detected:
            self._test.learn(self._table(window))

    def _table(self, window: Window) -> Table:
        return self._bins.counts(window.values[:, 0], window.slices(self._slices), self._slices)
