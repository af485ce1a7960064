"""Exposure: how unequally items are shown, and how that changes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.statistics.popularity import gini

__all__ = ["coverage", "gini_over_time"]


def coverage(items: NDArray[Any], *, count: int) -> float:
    """Share of the catalogue's ``count`` items that were shown at all."""
    return len(np.unique(items)) / count


def gini_over_time(
    items: NDArray[Any], at: NDArray[np.int64], *, count: int, window: int
) -> NDArray[np.float64]:
    """Gini coefficient of the exposure of ``count`` items in each window of time (ms) from the first impression on.

    >>> gini_over_time(np.array([0, 1, 1, 1]), np.array([0, 5, 10, 15]), count=2, window=10).tolist()
    [0.0, 0.5]
    """
    window_of = (at - at.min()) // window
    by_window = (np.bincount(items[window_of == k], minlength=count) for k in range(int(window_of.max()) + 1))
    return np.array([gini(counts) for counts in by_window])
