"""Session depth by the inverse Gaussian law."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtri

from sim.audience.behaviour import Depth, Floats

__all__ = ["InverseGaussian"]


class InverseGaussian(Depth):
    """Depth of surfing: the number of steps after which the value of going on first falls to a threshold.

    Density √(λ/2πx³)·exp(−λ(x−μ)²/2μ²x) (Huberman et al. 1998, "Strong regularities in World Wide Web surfing");
    sampled by Michael, Schucany and Haas (1976).

    >>> depth = InverseGaussian(mean=4, shape=4, most=50)
    >>> depth.slates(np.array([0.5]), np.array([0.9]))
    array([4])
    """

    kind: Literal["inverse_gaussian"] = "inverse_gaussian"
    mean: float = Field(default=4, gt=0, le=90)
    """Mean number of slates, μ."""
    shape: float = Field(default=4, gt=0)
    """Shape λ: the smaller, the heavier the tail."""
    most: int = Field(default=60, ge=1, le=99)
    """Slates after which everyone leaves."""

    def slates(self, first: Floats, second: Floats) -> NDArray[np.int64]:
        """Slates of each session."""
        chi = ndtri(np.clip(first, 1e-12, 1 - 1e-12)) ** 2
        ratio = self.mean * chi / (2 * self.shape)
        root = self.mean * (1 + ratio - np.sqrt(ratio * (2 + ratio)))
        drawn = np.where(
            second <= self.mean / (self.mean + root), root, self.mean**2 / np.maximum(root, 1e-12)
        )
        return np.clip(np.rint(drawn), 1, self.most).astype(np.int64)
