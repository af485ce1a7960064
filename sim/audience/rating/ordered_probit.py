"""Ratings by an ordered probit."""

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator
from scipy.special import ndtri

from sim.audience.behaviour import Floats, Rating

__all__ = ["OrderedProbit"]


class OrderedProbit(Rating):
    """Stars by where μ + b_u + b_i + taste·affinity + noise falls between cut points (McKelvey and Zavoina 1975).

    Cut points follow from the shares of stars that are wanted of an audience of affinity N(0, 1). The defaults are
    MovieLens 100K's: shares of 1 to 5 stars, standard deviations of viewers' and items' means in stars.

    >>> rating = OrderedProbit(shares=(0.5, 0.5, 0, 0, 0))
    >>> rating.halves(np.zeros(2), np.array([-1.0, 1.0]), np.zeros(2), np.zeros(2)).tolist()
    [2, 4]
    """

    kind: Literal["ordered_probit"] = "ordered_probit"
    shares: tuple[float, ...] = (0.061, 0.114, 0.271, 0.342, 0.212)
    """Shares of 1 to 5 stars, or ten shares of half a star to 5."""
    viewers: float = Field(default=0.445, ge=0, le=5)
    """Standard deviation of b_u, how lenient viewers are."""
    items: float = Field(default=0.533, ge=0, le=5)
    """Standard deviation of b_i, how good items are."""
    taste: float = Field(default=0.45, ge=0, le=5)
    """Weight of affinity."""
    noise: float = Field(default=0.76, gt=0, le=5)
    """Standard deviation of the occasion."""
    mean: float = Field(default=0.0, ge=-5, le=5)
    """μ: makes up for the affinity of what is rated, which is above 0 where viewers choose well."""

    @field_validator("shares")
    @classmethod
    def _whole(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if len(shares) not in (5, 10):
            raise ValueError(f"{len(shares)} shares: give 5 for whole stars or 10 for half stars")
        if min(shares) < 0 or sum(shares) <= 0:
            raise ValueError(f"shares {shares} must not be negative, and one must be above 0")
        return shares

    @cached_property
    def _cuts(self) -> NDArray[np.float64]:
        spread = np.sqrt(self.viewers**2 + self.items**2 + self.taste**2 + self.noise**2)
        passed = np.cumsum(self.shares)[:-1] / np.sum(self.shares)
        cuts: NDArray[np.float64] = spread * ndtri(np.minimum(passed, 1))
        return cuts

    def halves(self, affinity: Floats, viewer: Floats, item: Floats, noise: Floats) -> NDArray[np.int64]:
        """Half stars, 1 to 10."""
        feeling = self.mean + self.viewers * viewer + self.items * item + self.taste * affinity
        stars: NDArray[np.int64] = 1 + np.searchsorted(self._cuts, feeling + self.noise * noise)
        return stars * np.int64(2 if len(self.shares) == 5 else 1)
