"""Lognormal lags: people who were told to act."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.adversaries.lag import Lag
from sim.durations import SECOND, Duration

__all__ = ["Lognormal"]


class Lognormal(Lag):
    """Lags whose logarithm is normal: half a minute for a group chat that is called to act, minutes for a loose one.

    >>> float(np.median(Lognormal(median="30s").after(9999, at=0, rng=np.random.default_rng(0))).round(-3))
    30000.0
    """

    kind: Literal["lognormal"] = "lognormal"
    median: Duration = Field(default=30 * SECOND, gt=0)
    """Median lag."""
    spread: float = Field(default=0.8, ge=0, le=3)
    """Standard deviation of the logarithm of the lag."""

    def after(self, count: int, *, at: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Lags, whatever the time of day."""
        return self.median * np.exp(self.spread * rng.standard_normal(count))
