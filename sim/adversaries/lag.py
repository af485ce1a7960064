"""A lag: how long after the first account of a wave the others act."""

from abc import abstractmethod
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sim.plugin import Family, OneOf, Plugin

__all__ = ["LAGS", "AnyLag", "Lag"]


class Lag(Plugin):
    """A distribution of lags; coordination shows in lags that are short and alike (Giglietto et al. 2020)."""

    @abstractmethod
    def after(self, count: int, *, at: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Milliseconds from ``at`` (epoch ms) until each of ``count`` accounts acts, in no order."""


LAGS = Family("lag", Lag, "sim.adversaries.lags")
AnyLag = Annotated[Lag, OneOf(LAGS)]
