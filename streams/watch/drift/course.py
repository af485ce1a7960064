"""The course of a feature: its mean rank in one short slice of time after the other."""

import numpy as np
from numpy.typing import NDArray

from streams.watch.drift.bins import Bins
from streams.watch.drift.detector import Window

__all__ = ["course"]


def course(window: Window, bins: Bins, slices: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """When each slice of the window that holds values ends (ms), and their mean rank in the reference, 0 to 1.

    >>> window = Window(0, 1000, np.array([100, 600, 700]), np.array([[1.0], [2.0], [9.0]]))
    >>> times, means = course(window, Bins.of(np.arange(10.0), categorical=False), 2)
    >>> times.tolist(), means.round(2).tolist()
    ([500, 1000], [0.15, 0.6])
    """
    values = window.values[:, 0]
    there = ~np.isnan(values)
    place = window.slices(slices)[there]
    ranks = bins.ridits[bins.codes(values[there])]
    count = np.bincount(place, minlength=slices)
    held = np.flatnonzero(count)
    means = np.bincount(place, ranks, minlength=slices)[held] / count[held]
    ends = window.start + (held + 1) * (window.end - window.start) // slices
    return ends, means
