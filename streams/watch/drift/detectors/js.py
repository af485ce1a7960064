"""Jensen-Shannon divergence."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import rel_entr

from streams.watch.drift.distance import Distance
from streams.watch.drift.sample import NumericSample, Sample, binned_counts, quantile_edges

__all__ = ["JensenShannon"]


class JensenShannon(Distance):
    """Mean divergence of both samples from their mixture, in bits: symmetric, at most 1, never infinite.

    Source: Lin (1991), "Divergence measures based on the Shannon entropy", IEEE Transactions on Information
    Theory 37.

    >>> JensenShannon().between(NumericSample.of([1, 2]), NumericSample.of([8, 9]))
    1.0
    """

    kind: Literal["js"] = "js"
    symmetric: ClassVar[bool] = True
    bound: ClassVar[float | None] = 1.0
    quadratic: ClassVar[bool] = True
    relevant: float = Field(default=0.02, ge=0)
    """Smallest distance that matters: the square root of a divergence."""
    bins: int = Field(default=20, ge=2)
    """Bins for numbers: quantiles of both samples, each with half the weight."""

    def distance(self, reference: Sample, window: Sample) -> float:
        """The divergence in bits, from 0 to 1."""
        edges = None
        if isinstance(reference, NumericSample) and isinstance(window, NumericSample):
            edges = self._edges(reference, window)
        p, q = (counts / counts.sum() for counts in binned_counts(reference, window, edges))
        middle = (p + q) / 2
        return float((rel_entr(p, middle).sum() + rel_entr(q, middle).sum()) / 2 / np.log(2))

    def _edges(self, first: NumericSample, second: NumericSample) -> NDArray[np.float64]:
        return np.union1d(
            *(quantile_edges(sample.values, max(2, self.bins // 2)) for sample in (first, second))
        )
