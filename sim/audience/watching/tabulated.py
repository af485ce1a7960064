"""Watch time by a table of quantiles."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Floats, Watching
from sim.audience.quantile_table import QuantileTable

__all__ = ["TabulatedWatching"]


class TabulatedWatching(QuantileTable, Watching):
    """Time to stop, over the item's length, by its quantiles at affinity 0, as a fit to a log finds them.

    >>> watching = TabulatedWatching(at=(0, 0.5, 1), quantiles=(0.1, 0.4, 2))
    >>> watching.ratio(np.array([0.0]), np.array([1000]), np.array([0.5])).round(3)
    array([0.4])
    """

    kind: Literal["tabulated"] = "tabulated"
    pull: float = Field(default=0.1, ge=-2, le=2)
    """How much one unit of affinity adds to the logarithm of the time."""

    def ratio(self, affinity: Floats, length: NDArray[Any], uniform: Floats) -> Floats:
        """Time until the viewer stops, over the item's length."""
        pulled: NDArray[np.float64] = np.exp(np.clip(self.pull * affinity, -60, 60)) * self.value(uniform)
        return pulled
