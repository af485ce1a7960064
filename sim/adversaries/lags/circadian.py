"""Circadian lags: people who hear of something, each at the time of day when they are there."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.adversaries.lag import Lag
from sim.audience.arrivals import DAILY
from sim.durations import HOUR, Duration

__all__ = ["Circadian"]


class Circadian(Lag):
    """Lognormal lags, thinned by the daily curve: how a story spreads among people who do not know each other.

    Thinning (Lewis and Shedler 1979): a lag that ends in a quiet hour is drawn again with the probability by which
    that hour is quieter than the busiest.

    >>> lags = Circadian(median="12h").after(2000, at=0, rng=np.random.default_rng(0))
    >>> bool((lags // HOUR % 24 < 6).mean() < 0.15)
    True
    """

    kind: Literal["circadian"] = "circadian"
    median: Duration = Field(default=2 * HOUR, gt=0)
    """Median lag before thinning."""
    spread: float = Field(default=1.2, ge=0, le=3)
    """Standard deviation of the logarithm of the lag before thinning."""
    utc_offset: float = Field(default=0, ge=-12, le=14)
    """Hours by which the crowd's time is ahead of UTC."""

    def after(self, count: int, *, at: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Lags that end at the hours at which people are there."""
        busy = np.array(DAILY)
        lags = np.empty(count)
        waiting = np.arange(count)
        while len(waiting):
            lags[waiting] = self._drawn(len(waiting), rng=rng)
            hour = ((at + lags[waiting]) / HOUR + self.utc_offset) % 24
            quiet = rng.random(len(waiting)) * busy.max() > busy[hour.astype(np.int64)]
            waiting = waiting[quiet]
        return lags

    def _drawn(self, count: int, *, rng: np.random.Generator) -> NDArray[np.float64]:
        return self.median * np.exp(self.spread * rng.standard_normal(count))
