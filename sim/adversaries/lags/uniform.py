"""Uniform lags: a schedule that spreads its accounts over a window on purpose."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.adversaries.lag import Lag
from sim.durations import MINUTE, Duration

__all__ = ["Uniform"]


class Uniform(Lag):
    """Lags spread evenly over a window: ten minutes stay within a detector's window, two hours leave it.

    >>> bool((Uniform(most="10m").after(99, at=0, rng=np.random.default_rng(0)) < 600_000).all())
    True
    """

    kind: Literal["uniform"] = "uniform"
    most: Duration = Field(default=10 * MINUTE, gt=0)
    """Length of the window."""

    def after(self, count: int, *, at: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Lags, whatever the time of day."""
        return rng.random(count) * self.most
