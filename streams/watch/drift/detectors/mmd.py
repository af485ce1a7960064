"""Maximum mean discrepancy."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.seeds import rng_for
from streams.watch.drift.joint import JointComparison

__all__ = ["MaximumMeanDiscrepancy"]

Rows = NDArray[np.float64]


class MaximumMeanDiscrepancy(JointComparison):
    """Distance between mean embeddings in the space of a Gaussian kernel, of all fields together.

    Numbers become normal scores by their rank in the reference, so that no heavy tail decides; the kernel is written in
    random Fourier features, so that the cost is linear. Of names, the kernel is equality.

    Source: Gretton et al. (2012), "A kernel two-sample test", Journal of Machine Learning Research 13; Rahimi and Recht
    (2007), "Random features for large-scale kernel machines".

    >>> MaximumMeanDiscrepancy(bandwidth=0.5).frequencies
    48
    """

    kind: Literal["mmd"] = "mmd"
    relevant: float = Field(default=0.02, ge=0)
    """Smallest distance that matters, in the space of the kernel."""
    frequencies: int = Field(default=48, ge=4, le=4096)
    """Random frequencies, each with a sine and a cosine."""
    bandwidth: float = Field(default=1.0, gt=0)
    """Width of the kernel, in standard deviations."""

    def squared(self, reference: Rows, window: Rows, *, categorical: bool) -> float:
        """The squared distance between the mean embeddings."""
        if categorical:
            first, second = _shares(reference[:, 0], window[:, 0])
            return float(np.sum((first - second) ** 2))
        return float(np.sum((self._embedded(reference) - self._embedded(window)) ** 2))

    def _embedded(self, rows: Rows) -> Rows:
        rng = rng_for(0, "random Fourier features", rows.shape[1])
        angles = rows @ (rng.standard_normal((rows.shape[1], self.frequencies)) / self.bandwidth)
        means = [np.cos(angles).mean(axis=0), np.sin(angles).mean(axis=0)]
        embedded: Rows = np.concatenate(means) / self.frequencies**0.5
        return embedded


def _shares(first: Rows, second: Rows) -> tuple[Rows, Rows]:
    names = np.union1d(first, second)
    counts = (np.bincount(np.searchsorted(names, each), minlength=len(names)) for each in (first, second))
    one, other = counts
    return one / len(first), other / len(second)
