"""Session depth by a table of quantiles."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Depth, Floats
from sim.audience.quantile_table import QuantileTable

__all__ = ["TabulatedDepth"]


class TabulatedDepth(QuantileTable, Depth):
    """Slates of a session by their quantiles, as a fit to a log finds them.

    >>> TabulatedDepth(at=(0, 0.5, 1), quantiles=(1, 4, 60)).slates(np.array([0.5]), np.array([0.0]))
    array([4])
    """

    kind: Literal["tabulated"] = "tabulated"
    quantiles: tuple[float, ...] = Field(default=(1, 2, 4, 8, 16, 60), min_length=2, max_length=257)
    """Slates at these probabilities, not falling; nobody looks at more than 999."""

    def slates(self, first: Floats, second: Floats) -> NDArray[np.int64]:
        """Slates of each session."""
        return np.clip(np.rint(self.value(first)), 1, 999).astype(np.int64)
