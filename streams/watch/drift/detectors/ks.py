"""Kolmogorov-Smirnov distance."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from streams.watch.drift.distance import Distance
from streams.watch.drift.sample import NumericSample, Sample

__all__ = ["KolmogorovSmirnov"]


class KolmogorovSmirnov(Distance):
    """Largest difference between the two empirical distribution functions, from 0 to 1.

    Source: Smirnov (1939), "On the estimation of the discrepancy between empirical curves of distribution for
    two independent samples".

    >>> KolmogorovSmirnov().between(NumericSample.of([1, 2, 3, 4]), NumericSample.of([3, 4, 5, 6]))
    0.5
    """

    kind: Literal["ks"] = "ks"
    categorical: ClassVar[bool] = False
    relevant: float = Field(default=0.02, ge=0)
    """Smallest distance that matters."""
    symmetric: ClassVar[bool] = True
    bound: ClassVar[float | None] = 1.0

    def distance(self, reference: Sample, window: Sample) -> float:
        """The supremum of |F - G|."""
        assert isinstance(reference, NumericSample)
        assert isinstance(window, NumericSample)
        places = np.concatenate([reference.values, window.values])
        below = (
            np.searchsorted(sample.values, places, side="right") / len(sample)
            for sample in (reference, window)
        )
        first, second = below
        return float(np.abs(first - second).max())
