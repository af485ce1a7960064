"""Exponential lags: a script that works through its accounts."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.adversaries.lag import Lag
from sim.durations import SECOND, Duration

__all__ = ["Exponential"]


class Exponential(Lag):
    """Lags of constant hazard, P(lag > t) = exp(-t / mean): seconds for accounts run by one program.

    >>> Exponential(mean="5s").after(9999, at=0, rng=np.random.default_rng(0)).mean().round(-3)
    np.float64(5000.0)
    """

    kind: Literal["exponential"] = "exponential"
    mean: Duration = Field(default=5 * SECOND, gt=0)
    """Mean lag."""

    def after(self, count: int, *, at: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Lags, whatever the time of day."""
        return rng.exponential(self.mean, count)
