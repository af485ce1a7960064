"""Population stability index."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from streams.watch.drift.distance import Distance
from streams.watch.drift.sample import NumericSample, Sample, binned_counts, quantile_edges

__all__ = ["PopulationStabilityIndex"]


class PopulationStabilityIndex(Distance):
    """Jeffreys' divergence over quantile bins of the reference, known as PSI.

    Source: Siddiqi (2006), "Credit Risk Scorecards"; its distribution: Yurdakul (2018), "Statistical
    Properties of the Population Stability Index". Folk wisdom calls 0.1 a moderate and 0.2 a large change,
    whatever the sample size.

    >>> reference, window = NumericSample.of(range(100)), NumericSample.of(range(20, 120))
    >>> round(PopulationStabilityIndex().between(reference, window), 2)
    0.78
    """

    kind: Literal["psi"] = "psi"
    quadratic: ClassVar[bool] = True
    relevant: float = Field(default=0.05, ge=0)
    """Smallest distance that matters: the square root of a PSI."""
    bins: int = Field(default=10, ge=2)
    """Quantile bins of the reference."""
    smoothing: float = Field(default=0.5, gt=0)
    """Added to every bin's count, so that an empty bin gives no infinity."""

    def distance(self, reference: Sample, window: Sample) -> float:
        """Sum of (p - q) ln(p / q), over bins with smoothed shares q of the reference and p of the window."""
        edges = quantile_edges(reference.values, self.bins) if isinstance(reference, NumericSample) else None
        counts = binned_counts(reference, window, edges)
        q, p = ((count + self.smoothing) / (count.sum() + self.smoothing * len(count)) for count in counts)
        return float(np.sum((p - q) * np.log(p / q)))
