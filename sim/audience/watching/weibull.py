"""Watch time by the Weibull law."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Floats, Watching

__all__ = ["Weibull"]


class Weibull(Watching):
    """Time to stop, over the item's length, with survival exp(−(t/λ)^k) (Liu, White and Dumais 2010).

    With k below 1 viewers who are going to stop do so early ("negative aging"). λ grows with affinity. KuaiRec's short
    videos, which loop, have k = 1.28 and λ = 0.91.

    >>> float(Weibull(k=1, scale=2).ratio(np.array([0.0]), np.array([60_000]), np.array([0.5])).round(4)[0])
    1.3863
    """

    kind: Literal["weibull"] = "weibull"
    k: float = Field(default=0.6, ge=0.1, le=10)
    """Shape k."""
    scale: float = Field(default=1.0, gt=0)
    """Scale λ, in lengths of the item, at affinity 0."""
    pull: float = Field(default=0.25, ge=-2, le=2)
    """How much one unit of affinity adds to ln λ."""

    def ratio(self, affinity: Floats, length: NDArray[np.int64], uniform: Floats) -> Floats:
        """Time until the viewer stops, over the item's length."""
        time: Floats = self.scale * np.exp(self.pull * affinity) * (-np.log1p(-uniform)) ** (1 / self.k)
        return time
