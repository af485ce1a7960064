"""Charts: what a panel has picked, older picks counting less, ranked among what a region has."""

import numpy as np
from numpy.typing import NDArray

from sim.durations import DAY
from sim.recommenders.recommender import Encounters

__all__ = ["Charts"]

_HALF_LIFE = 7 * DAY


class Charts:
    """Picks of every item, of which half are forgotten after a week.

    >>> nobody = np.zeros(3, dtype=np.int64)
    >>> charts = Charts()
    >>> charts.add(Encounters(nobody, nobody.astype(np.uint8), np.array([4, 2, 4]), nobody + 1, nobody))
    >>> charts.ranked(np.array([1, 2, 3, 4])).tolist()
    [4, 2, 1, 3]
    """

    def __init__(self) -> None:
        self._counts = np.zeros(0, dtype=np.float64)
        self._latest = 0

    def add(self, picked: Encounters) -> None:
        """Count further picks, none of which is much older than those before."""
        if not len(picked.item):
            return
        latest = max(int(picked.at.max()), self._latest)
        self._counts *= 0.5 ** ((latest - self._latest) / _HALF_LIFE)
        self._latest = latest
        weight = 0.5 ** ((latest - picked.at) / _HALF_LIFE)
        counted: NDArray[np.float64] = np.bincount(picked.item, weight, len(self._counts)).astype(np.float64)
        counted[: len(self._counts)] += self._counts
        self._counts = counted

    def counts(self, items: NDArray[np.integer]) -> NDArray[np.float64]:
        """The present count of each item."""
        known = np.minimum(items, len(self._counts))
        counts: NDArray[np.float64] = np.append(self._counts, 0.0)[known]
        return counts

    def ranked(self, items: NDArray[np.integer]) -> NDArray[np.integer]:
        """The items, most picked first; of equals the older item first."""
        return items[np.argsort(-self.counts(items), kind="stable")]
