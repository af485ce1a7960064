"""Oversized records."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.fate import Fate
from sim.mess.spoiling import Spoiling

__all__ = ["Oversized"]


class Oversized(Spoiling):
    """Records that are valid, and larger than consumers make room for.

    >>> Oversized(size=300_000).size
    300000
    """

    kind: Literal["oversized"] = "oversized"
    rate: float = Field(default=0.0001, gt=0, le=1)
    """Share of the records that are hit, while it goes on."""
    size: int = Field(default=262_144, ge=65_536, le=1_000_000)
    """Bytes of a record's value; brokers take 1,048,588 with key and headers, unless told otherwise."""

    fates = (Fate.OVERSIZED,)

    def sizes(self, nothing: NDArray[np.int64]) -> NDArray[np.int64]:
        """Bytes that each takes at least."""
        return nothing + self.size
