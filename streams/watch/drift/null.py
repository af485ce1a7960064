"""The null distribution of a distance: how far windows lie apart by chance, from the reference itself.

Values within a session are alike, so a window holds fewer independent values than records, and textbook quantiles are
too small. Two things tell how far: blocks of the reference drawn with replacement (Künsch 1989), which keep what is
alike together; and each window of the reference against the others, which also shows what moves from window to window.
The greater of both counts. Of the squared distance between samples of n and m values, mean and variance go with
1/n + 1/m, and its law is close to that of a scaled chi-square (Satterthwaite 1946). A distance between two samples that
truly are as far apart as a tolerance has a noncentral one, as in :mod:`streams.watch.drift.change`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ncx2

__all__ = ["Null", "unit"]

Rows = NDArray[np.float64]
Apart = Callable[[Rows, Rows], float]

_BLOCKS = 12
_LEAST_MEAN = 1e-3
_MOST_ROWS = 1024


def unit(n: int, m: int) -> float:
    """The unit in which squared distances between samples of these sizes are counted."""
    return 1 / n + 1 / m


@dataclass(frozen=True)
class Null:
    """Mean and variance of a squared distance in units of 1/n + 1/m, if nothing but chance is at work.

    >>> null = Null(mean=9.0, variance=18.0)
    >>> round(null.critical(0.05, n=100, m=100), 3), round(null.p(0.3384, n=100, m=100), 2)
    (0.338, 0.05)
    """

    mean: float
    variance: float

    @classmethod
    def of(
        cls, reference: Sequence[Rows], apart: Apart, *, rng: np.random.Generator, resamples: int
    ) -> "Null":
        """The null distribution that a reference of several windows suggests."""
        drawn = _resampled(reference, apart, rng=rng, count=resamples)
        mean, variance = max(float(drawn.mean()), _LEAST_MEAN), float(drawn.var())
        others = between(reference, apart)
        # What neighbouring blocks share, and a movement from window to window, blocks do not show.
        wider = max(1.0, float(others.mean()) / mean) if len(others) else 1.0
        return cls(mean * wider, max(variance, mean**2 / 50) * wider**2)

    def critical(self, alpha: float, *, n: int, m: int, tolerated: float = 0.0) -> float:
        """The squared distance that chance exceeds with probability ``alpha``, if the true one is ``tolerated``."""
        scale, freedom = self._law(unit(n, m))
        return float(scale * ncx2.isf(alpha, freedom, tolerated / scale))

    def p(self, squared: float, *, n: int, m: int, tolerated: float = 0.0) -> float:
        """How likely chance alone exceeds a squared distance."""
        scale, freedom = self._law(unit(n, m))
        found = float(ncx2.sf(squared / scale, freedom, tolerated / scale))
        return found if np.isfinite(found) else 0.0

    def _law(self, size: float) -> tuple[float, float]:
        return size * self.variance / (2 * self.mean), 2 * self.mean**2 / self.variance


def between(reference: Sequence[Rows], apart: Apart) -> Rows:
    """Squared distances, in their unit, of each window of the reference from the others."""
    found = []
    for place, window in enumerate(reference):
        rest = [other for where, other in enumerate(reference) if where != place]
        if rest and len(window) > 1:
            others = np.concatenate(rest)
            found.append(apart(others, window) / unit(len(others), len(window)))
    return np.array(found)


def _resampled(reference: Sequence[Rows], apart: Apart, *, rng: np.random.Generator, count: int) -> Rows:
    """Squared distances, in their unit, of windows made of random blocks of the reference from the reference."""
    blocks = [block for window in reference for block in np.array_split(window, _BLOCKS) if len(block)]
    whole = np.concatenate(reference)
    found = []
    for _ in range(count):
        chosen = rng.integers(0, len(blocks), _BLOCKS)
        # Whole blocks, as many as make a window; long ones are cut, so that a draw stays cheap.
        drawn = np.concatenate([blocks[number][: _MOST_ROWS // _BLOCKS] for number in chosen.tolist()])
        found.append(apart(whole, drawn) * len(drawn))
    return np.array(found)
