"""An estimate: a value with its confidence interval, from groups that are independent of each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["Estimate", "mean_of"]


@dataclass(frozen=True)
class Estimate:
    """A value, the ends of its confidence interval, and from how many independent groups it was made."""

    value: float
    low: float
    high: float
    groups: int

    def covers(self, truth: float) -> bool:
        """True if the interval holds a value."""
        return self.low <= truth <= self.high


def mean_of(
    scores: NDArray[Any], group: NDArray[Any], confidence: float, centre: float | None = None
) -> Estimate:
    """The mean of scores with Student's interval, robust to dependence within groups (Liang and Zeger 1986).

    What one viewer does is alike from slate to slate; ``group`` is the viewer of each score. With ``centre`` the scores
    are an estimator's influences, and the interval stands around it.

    >>> mean_of(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 2]), 0.95).value
    2.0
    """
    if not len(scores):
        raise ValueError("no slates to estimate from: the log is empty, or nothing of it was kept")
    _, place = np.unique(group, return_inverse=True)
    mean = float(scores.mean())
    sums = np.bincount(place, scores - mean)
    groups = len(sums)
    value = mean if centre is None else centre
    if groups < 2:
        return Estimate(value, -np.inf, np.inf, groups)
    deviation = np.sqrt((sums**2).sum() * groups / (groups - 1)) / len(scores)
    reach = float(stats.t.ppf((1 + confidence) / 2, groups - 1) * deviation)
    return Estimate(value, value - reach, value + reach, groups)
