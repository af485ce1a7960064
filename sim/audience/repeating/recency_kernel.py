"""Repeat consumption by recency."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Floats, Repeating

__all__ = ["RecencyKernel"]


class RecencyKernel(Repeating):
    """Copies the play τ positions back with probability ∝ τ^−α·e^(−τ/c)·exp(β·quality) (Anderson et al. 2014).

    With β = 0 recency alone decides. Memory (``audience.memory``) cuts the kernel off.

    >>> kernel = RecencyKernel(alpha=1, cutoff=1e9, quality=0)
    >>> kernel.position(np.array([[0.0, 0.0, -np.inf]] * 2), np.array([0.6, 0.7]))
    array([0, 1])
    """

    kind: Literal["recency_kernel"] = "recency_kernel"
    alpha: float = Field(default=0.8, ge=0, le=5)
    """Exponent α of the power law in positions."""
    cutoff: float = Field(default=50.0, gt=0)
    """Position c beyond which memory fades exponentially."""
    quality: float = Field(default=0.5, ge=0, le=5)
    """How much an item's quality counts, β."""

    def position(self, quality: Floats, uniform: Floats) -> NDArray[np.int64]:
        """Place of the item played again, 0 the latest."""
        back = np.arange(1, quality.shape[1] + 1)
        kernel = back**-self.alpha * np.exp(-(back - 1) / self.cutoff)
        known = np.isfinite(quality)
        weight = np.where(known, np.exp(self.quality * np.where(known, quality, 0)) * kernel, 0)
        passed = np.cumsum(weight, axis=1)
        place: NDArray[np.int64] = (passed <= (uniform * passed[:, -1])[:, None]).sum(axis=1)
        last: NDArray[np.int64] = np.maximum(known.sum(axis=1) - 1, 0)
        return np.minimum(place, last)
