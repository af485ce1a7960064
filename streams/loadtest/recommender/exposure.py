"""Exposure: how the attention that a recommender gives is spread over the catalogue."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.statistics.popularity import gini as inequality

__all__ = ["Exposure", "gini", "intra_list_diversity"]


def gini(counts: NDArray[Any]) -> float | None:
    """Gini coefficient of counts: 0 if all are equal, towards 1 if one has everything; None if all are 0.

    >>> gini(np.array([1, 1, 1, 1])), gini(np.array([0, 0, 0, 4]))
    (0.0, 0.75)
    """
    return round(abs(inequality(counts)), 6) if counts.any() else None


def intra_list_diversity(slate: NDArray[Any], genre: NDArray[Any], genres: int) -> tuple[float, int]:
    """Sum over slates of the share of item pairs that differ in genre (Ziegler et al. 2005), and how many slates.

    ``slate`` numbers the slates from 0, an entry an item.
    """
    counts = np.bincount(slate * genres + genre, minlength=(int(slate[-1]) + 1) * genres).reshape(-1, genres)
    size = counts.sum(axis=1)
    whole = size > 1
    alike = (counts * (counts - 1)).sum(axis=1)[whole] / (size * (size - 1))[whole]
    return float((1 - alike).sum()), int(whole.sum())


class Exposure:
    """Impressions of each item, in all and in equal windows of time (popularity feedback: Gini over time).

    Windows are paired when there are too many, so that a long test keeps no more of them than a short one. All have
    the same length: of few impressions, inequality looks greater than it is.

    >>> exposure = Exposure(steps=1, keep=10)
    >>> for items in ([0, 1], [1, 1]):
    ...     exposure.show(np.array(items))
    ...     exposure.step(1.0, np.arange(2))
    >>> [point["gini"] for point in exposure.history]
    [0.0, 0.5]
    """

    def __init__(self, *, steps: int = 5, keep: int = 120) -> None:
        """A window is ``steps`` steps of the clock at first; more than ``keep`` of them are never kept."""
        self.counts = np.zeros(0, dtype=np.int64)
        self.history: list[dict[str, float | None]] = []
        self._every, self._keep, self._done = steps, keep, 0
        # What was shown since the present window began; and the items shown in each window of the history, with counts.
        self._present: list[NDArray[Any]] = []
        self._windows: list[tuple[NDArray[Any], NDArray[np.int64]]] = []

    def show(self, items: NDArray[Any]) -> None:
        """Count impressions."""
        found = np.bincount(items, minlength=len(self.counts))
        found[: len(self.counts)] += self.counts
        self.counts = found
        self._present.append(items)

    def of(self, items: NDArray[Any]) -> NDArray[np.int64]:
        """Impressions of some items."""
        missing = max(0, int(items.max(initial=-1)) + 1 - len(self.counts))
        found: NDArray[np.int64] = np.pad(self.counts, (0, missing))[items]
        return found

    def coverage(self, items: NDArray[Any]) -> float:
        """Share of the items that were shown at all."""
        return round(float((self.of(items) > 0).mean()), 6) if len(items) else 0.0

    def step(self, seconds: float, items: NDArray[Any]) -> None:
        """A step of the clock is done, so many simulated seconds after the beginning; ``items`` are all there are."""
        self._done += 1
        if self._done % self._every:
            return
        shown = np.concatenate([np.empty(0, dtype=np.int64), *self._present])
        self._present = []
        window = np.unique(shown, return_counts=True)
        self._windows.append(window)
        self.history.append(
            {
                "simulated_s": round(seconds, 3),
                "impressions": len(shown),
                "gini": _gini_of(window, len(items)),
                "coverage": self.coverage(items),
                "items": len(items),
            }
        )
        if len(self._windows) == self._keep:
            self._pair()

    def _pair(self) -> None:
        pairs = zip(self._windows[::2], self._windows[1::2], strict=True)
        self._windows = [_together(first, second) for first, second in pairs]
        self.history = [
            {
                **point,
                "impressions": int(window[1].sum()),
                "gini": _gini_of(window, int(point["items"] or 0)),
            }
            for point, window in zip(self.history[1::2], self._windows, strict=True)
        ]
        self._every *= 2


def _together(
    first: tuple[NDArray[Any], NDArray[np.int64]], second: tuple[NDArray[Any], NDArray[np.int64]]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    items, place = np.unique(np.concatenate([first[0], second[0]]), return_inverse=True)
    counts = np.bincount(place, np.concatenate([first[1], second[1]]), len(items))
    return items, counts.astype(np.int64)


def _gini_of(window: tuple[NDArray[Any], NDArray[np.int64]], items: int) -> float | None:
    # Items that are gone by the window's end were shown in it all the same.
    return gini(np.pad(window[1], (0, max(0, items - len(window[1])))))
