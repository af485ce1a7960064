"""Return by a table of quantiles."""

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.audience.behaviour import Floats, Return
from sim.audience.quantile_table import QuantileTable

__all__ = ["TabulatedGaps"]


class TabulatedGaps(QuantileTable, Return):
    """Gaps between sessions by their quantiles, in any unit: they are scaled to the mean.

    >>> TabulatedGaps(at=(0, 1), quantiles=(1, 1), mean="1d").gap(np.array([0.5])).round()
    array([86400000.])
    """

    kind: Literal["tabulated"] = "tabulated"

    @cached_property
    def _scale(self) -> float:
        return float(self.mean / self.grid.mean())

    @cached_property
    def _covering(self) -> NDArray[np.float64]:
        return np.asarray(np.cumsum(self.grid) / self.grid.sum())

    def gap(self, uniform: Floats) -> Floats:
        """Milliseconds between two sessions."""
        return self._scale * self.value(uniform)

    def residual(self, uniform: Floats, *, rng: np.random.Generator) -> Floats:
        """Milliseconds left of the gap that covers a random moment: a uniform part of a length-biased gap."""
        place = np.searchsorted(self._covering, rng.random(len(uniform)))
        gap: Floats = uniform * self._scale * self.grid[np.minimum(place, len(self.grid) - 1)]
        return gap
