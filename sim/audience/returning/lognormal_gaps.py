"""Return by lognormal gaps."""

from math import exp
from typing import Literal

import numpy as np
from pydantic import Field
from scipy.special import ndtri

from sim.audience.behaviour import Floats, Return

__all__ = ["LognormalGaps"]

_LEAST = 2.0**-54


class LognormalGaps(Return):
    """Gaps between sessions whose logarithm is normal: few are very short, and some very long.

    Human response times are often told so (Stouffer, Malmgren and Amaral 2006); for gaps between visits, Weibull ones
    fit MovieLens 100K better (Kolmogorov-Smirnov .034 against .088).

    >>> LognormalGaps(sigma=1.0, mean="1d").gap(np.array([0.5])).round()
    array([52404249.])
    """

    kind: Literal["lognormal_gaps"] = "lognormal_gaps"
    sigma: float = Field(default=1.5, gt=0, le=3)
    """Standard deviation of the logarithm."""

    def gap(self, uniform: Floats) -> Floats:
        """Milliseconds between two sessions."""
        return self._quantile(uniform, -(self.sigma**2) / 2)

    def residual(self, uniform: Floats, *, rng: np.random.Generator) -> Floats:
        """Milliseconds left of the gap that covers a random moment: a uniform part of a length-biased gap."""
        # Length-biased, a lognormal law keeps its σ, and its logarithm's mean grows by σ².
        return uniform * self._quantile(rng.random(len(uniform)), self.sigma**2 / 2)

    def _quantile(self, uniform: Floats, centre: float) -> Floats:
        normal = ndtri(np.clip(uniform, _LEAST, 1 - 2.0**-53))
        gap: Floats = self.mean * exp(centre) * np.exp(self.sigma * normal)
        return gap
