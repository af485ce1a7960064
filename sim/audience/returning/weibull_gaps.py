"""Return by Weibull gaps."""

from math import gamma
from typing import Literal

import numpy as np
from pydantic import Field

from sim.audience.behaviour import Floats, Return

__all__ = ["WeibullGaps"]


class WeibullGaps(Return):
    """Gaps between sessions with survival exp(−(t/λ)^k); k below 1 gives bursts of visits and long absences.

    >>> WeibullGaps(k=1, mean="1d").gap(np.array([0.5])).round()
    array([59887916.])
    """

    kind: Literal["weibull_gaps"] = "weibull_gaps"
    k: float = Field(default=0.7, gt=0.2, le=5)
    """Shape k."""

    @property
    def scale(self) -> float:
        """The scale λ that has this mean, in milliseconds."""
        return self.mean / gamma(1 + 1 / self.k)

    def gap(self, uniform: Floats) -> Floats:
        """Milliseconds between two sessions."""
        gap: Floats = self.scale * (-np.log1p(-uniform)) ** (1 / self.k)
        return gap

    def residual(self, uniform: Floats, *, rng: np.random.Generator) -> Floats:
        """Milliseconds left of the gap that covers a random moment: a uniform part of a length-biased gap."""
        # Length-biased, (t/λ)^k follows a gamma law of shape 1 + 1/k instead of the exponential one.
        covering = rng.standard_gamma(1 + 1 / self.k, len(uniform)) ** (1 / self.k)
        return uniform * self.scale * covering
