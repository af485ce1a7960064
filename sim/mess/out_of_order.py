"""Records out of order."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import MINUTE, SECOND, Duration
from sim.fate import Fate
from sim.mess.spoiling import Spoiling
from sim.seeds import Draws

__all__ = ["OutOfOrder"]


class OutOfOrder(Spoiling):
    """Records that are overtaken by their neighbours: parallel connections, or retries in flight.

    >>> OutOfOrder(rate=0.01, within="500ms").within
    500
    """

    kind: Literal["out_of_order"] = "out_of_order"
    within: Duration = Field(default=2 * SECOND, ge=1, le=MINUTE)
    """Longest time by which one leaves later than it happened; all shorter ones are as likely."""

    fates = (Fate.WHOLE,)

    def delays(self, bits: NDArray[np.uint64], nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Milliseconds by which each leaves later."""
        return 1 + (Draws.uniform_from(bits, 2) * self.within).astype(np.int64)
