"""Session depth by a power law."""

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Depth, Floats

__all__ = ["PowerLaw"]


class PowerLaw(Depth):
    """Depth of scrolling: P(n) ∝ n^−α for n = 1 to ``most`` (Jeunen 2023, on the depth of feeds).

    >>> PowerLaw(exponent=1, most=3).slates(np.array([0.5, 0.6, 0.9]), np.zeros(3))
    array([1, 2, 3])
    """

    kind: Literal["power_law"] = "power_law"
    exponent: float = Field(default=1.2, ge=0, le=6)
    """Exponent α: the smaller, the deeper."""
    most: int = Field(default=60, ge=1, le=99)
    """Slates after which everyone leaves."""

    @cached_property
    def _passed(self) -> NDArray[np.float64]:
        weight = np.arange(1.0, self.most + 1) ** -self.exponent
        passed: NDArray[np.float64] = np.cumsum(weight / weight.sum())[:-1]
        return passed

    def slates(self, first: Floats, second: Floats) -> NDArray[np.int64]:
        """Slates of each session; the second column is not needed."""
        return 1 + np.searchsorted(self._passed, first, side="right").astype(np.int64)
