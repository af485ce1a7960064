"""The change test: whether a window differs from the recent past by more than chance and the usual movement.

A service has a daily cycle: who is awake changes by the hour, and with it every distribution, a little in
each window and much over half a day. A fixed reference would call every evening a drift. So a window is
compared with the windows just before it, as many as the reference spans, and must differ by more than
*relevantly*: twice as far as the largest step that those windows themselves took. That is a chi-square test
of a relevant difference (Dette and Munk 1998 use the same form of hypothesis): under "the true step is at
most the tolerance", the statistic has a noncentral chi-square distribution, whose quantile is the critical
value.

Plays of one viewer are alike, so a window holds fewer independent values than records. Rao and Scott (1981)
divide the statistic by the dispersion; here it is estimated between neighbouring slices of a window, and what
of it shows only from window to window counts as movement.

Once a change is found, the past that it was compared with is kept: later windows are compared with the time
before. A change too small for its first window becomes part of the past, and is not found later: that is the
price of not calling the evening a drift. The distances from the fixed reference, which every reading carries,
show it.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ncx2

__all__ = ["ChangeTest", "Judgement", "chi_square"]

_SMALLEST_RELEVANT = 0.05
_TOLERATED_STEPS = 2.0
_REMEMBERED_STEPS = 3
_FEWEST_EXPECTED = 5.0

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """The outcome for one window: statistic against critical value, and effect against tolerance."""

    statistic: float
    critical: float
    effect: float
    """Estimated chi distance from the recent past; of a small shift, about its standard deviations."""
    tolerance: float
    """Chi distance up to which a difference is the usual movement."""
    p: float = 1.0
    """How likely the statistic is, or a greater one, if the difference is just what is tolerated."""

    @property
    def detected(self) -> bool:
        """True if the statistic is beyond the critical value."""
        return self.statistic > self.critical


class ChangeTest:
    """Compares each window of a feature with those before it.

    ``alpha`` is the probability of a false alarm in one window, while its true step is at most the tolerance.

    >>> test = ChangeTest(alpha=1e-4, memory=3)
    >>> for _ in range(3):
    ...     test.learn(np.full((6, 4), 50.0))
    >>> test.judge(np.full((6, 4), 50.0)).detected, test.judge(np.tile([20.0, 40, 60, 80], (6, 1))).detected
    (False, True)
    """

    def __init__(self, *, alpha: float, memory: int) -> None:
        """``memory`` windows make the recent past."""
        self._alpha = alpha
        self._past: deque[Table] = deque(maxlen=memory)
        self._steps: deque[float] = deque(maxlen=_REMEMBERED_STEPS)

    @property
    def largest_step(self) -> float:
        """The largest chi distance of a remembered window from the ones before it."""
        return float(np.sqrt(max(self._steps, default=0.0)))

    def learn(self, window: Table) -> None:
        """Take a window (slices × bins) into the recent past."""
        if self._past:
            self._steps.append(self._distance(window)[2])
        self._past.append(window)

    def judge(self, window: Table) -> Judgement:
        """Compare a window with the recent past, which it does not become part of."""
        statistic, freedom, squared, weight = self._distance(window)
        tolerated = max(_SMALLEST_RELEVANT**2, _TOLERATED_STEPS**2 * self.largest_step**2)
        critical = float(ncx2.isf(self._alpha, freedom, weight * tolerated))
        p = float(ncx2.sf(statistic, freedom, weight * tolerated))
        return Judgement(statistic, critical, squared**0.5, tolerated**0.5, p)

    def _distance(self, window: Table) -> tuple[float, int, float, float]:
        """Statistic, degrees of freedom, squared chi distance without bias, and the weight between them."""
        before, now = sum(self._past).sum(axis=0), window.sum(axis=0)  # type: ignore[union-attr]
        statistic, freedom = chi_square(before, now)
        dispersion = self._dispersion()
        weight = float(before.sum() * now.sum() / (before.sum() + now.sum())) / dispersion
        statistic /= dispersion
        return statistic, freedom, max(0.0, statistic - freedom) / weight, weight

    def _dispersion(self) -> float:
        """How much more neighbouring slices differ than independent values would; at least 1."""
        pairs = [chi_square(*pair) for table in self._past for pair in pairwise(table) if _full(pair)]
        freedom = sum(pair[1] for pair in pairs)
        return max(1.0, float(sum(pair[0] for pair in pairs)) / freedom) if freedom else 1.0


def chi_square(first: Table, second: Table) -> tuple[float, int]:
    """Pearson's statistic of equal shares in two rows of counts, and its freedom; rare bins are joined."""
    first, second = _joined(first, second)
    n, m = first.sum(), second.sum()
    both = first + second
    statistic = float(np.sum((first * np.sqrt(m / n) - second * np.sqrt(n / m)) ** 2 / both))
    return statistic, max(1, len(both) - 1)


def _joined(first: Table, second: Table) -> tuple[Table, Table]:
    """Both rows with all bins together where the smaller row expects fewer than five."""
    both = first + second
    expected = both * min(first.sum(), second.sum()) / both.sum()
    rare = expected < _FEWEST_EXPECTED
    kept = (np.append(row[~rare], row[rare].sum()) for row in (first, second))
    one, other = kept
    present = one + other > 0
    return one[present], other[present]


def _full(pair: tuple[Table, Table]) -> bool:
    return bool(min(row.sum() for row in pair) >= _FEWEST_EXPECTED)
