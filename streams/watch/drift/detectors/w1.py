"""Wasserstein-1 distance."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.stats import wasserstein_distance

from streams.watch.drift.distance import Distance
from streams.watch.drift.sample import NumericSample, Sample

__all__ = ["Wasserstein"]


class Wasserstein(Distance):
    """Earth mover's distance in units of the reference's standard deviation.

    A reference whose values are all equal has no deviation; the distance is then in the feature's own unit.

    Source: Vallender (1974), "Calculation of the Wasserstein distance between probability distributions on
    the line".

    >>> round(Wasserstein().between(NumericSample.of([1, 3]), NumericSample.of([2, 4])), 3)
    1.0
    """

    kind: Literal["w1"] = "w1"
    categorical: ClassVar[bool] = False
    relevant: float = Field(default=0.05, ge=0)
    """Smallest distance that matters, in standard deviations of the reference."""

    def distance(self, reference: Sample, window: Sample) -> float:
        """The area between the two empirical distribution functions, over the reference's deviation."""
        assert isinstance(reference, NumericSample)
        assert isinstance(window, NumericSample)
        deviation = float(np.std(reference.values)) or 1.0
        return float(wasserstein_distance(reference.values, window.values)) / deviation
