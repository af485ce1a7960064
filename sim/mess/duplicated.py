"""Duplicated records."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import SECOND, Duration
from sim.fate import Fate
from sim.mess.spoiling import Spoiling, lognormal
from sim.seeds import Draws

__all__ = ["Duplicated"]


class Duplicated(Spoiling):
    """Records that are sent a second time: a client that did not hear the first acknowledgement.

    >>> Duplicated(rate=0.01).after
    1000
    """

    kind: Literal["duplicated"] = "duplicated"
    after: Duration = Field(default=SECOND, ge=1)
    """Median of the time after which the copy follows."""
    spread: float = Field(default=1.0, ge=0, le=3)
    """Spread of that time: standard deviation of its logarithm."""

    fates = (Fate.COPY,)

    def delays(self, bits: NDArray[np.uint64], nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Milliseconds after which each copy leaves."""
        return lognormal(Draws.uniform_from(bits, 2), self.after, self.spread)
