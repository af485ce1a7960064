"""Late records."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import MINUTE, Duration
from sim.fate import Fate
from sim.mess.spoiling import Spoiling, lognormal
from sim.seeds import Draws

__all__ = ["Late"]


class Late(Spoiling):
    """Records that leave long after they happened: a phone that was out of reach, a collector that hung.

    Delays are log-normal, as those of mobile clients are: most near the median, a few many times as long.

    >>> Late(rate=0.01, by="10m").by
    600000
    """

    kind: Literal["late"] = "late"
    by: Duration = Field(default=5 * MINUTE, ge=1)
    """Median of the delays."""
    spread: float = Field(default=0.5, ge=0, le=3)
    """Spread of the delays: standard deviation of their logarithm."""

    fates = (Fate.WHOLE,)

    def delays(self, bits: NDArray[np.uint64], nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Milliseconds by which each leaves later."""
        return lognormal(Draws.uniform_from(bits, 2), self.by, self.spread)
