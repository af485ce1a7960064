"""A quantile table: any distribution, given by its value at some probabilities."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["QuantileTable"]

_GRID = 8192


class QuantileTable(BaseModel):
    """The inverse of a distribution function, interpolated between knots.

    ``at`` are probabilities that rise from 0 to 1, ``quantiles`` the values there. Between knots the logarithm of the
    value is linear in the probability, as befits times; nothing is below a millionth of a millionth of the largest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    at: tuple[float, ...] = Field(default=(0, 0.25, 0.5, 0.75, 0.9, 1), min_length=2, max_length=257)
    """Probabilities, rising from 0 to 1."""
    quantiles: tuple[float, ...] = Field(default=(0.02, 0.3, 0.8, 1.4, 2.5, 6), min_length=2, max_length=257)
    """Values at these probabilities, not falling."""

    @model_validator(mode="after")
    def _rises(self) -> "QuantileTable":
        if len(self.at) != len(self.quantiles):
            raise ValueError(
                f"{len(self.at)} probabilities and {len(self.quantiles)} quantiles must be as many"
            )
        if self.at[0] != 0 or self.at[-1] != 1 or not (np.diff(self.at) > 0).all():
            raise ValueError("probabilities must rise from 0 to 1")
        if self.quantiles[0] < 0 or not (np.diff(self.quantiles) >= 0).all() or self.quantiles[-1] <= 0:
            raise ValueError("quantiles must not be negative, must not fall, and the last must be above 0")
        return self

    @cached_property
    def _logs(self) -> NDArray[np.float64]:
        least = self.quantiles[-1] * 1e-12
        return np.log(np.maximum(self.quantiles, least))

    @cached_property
    def grid(self) -> NDArray[np.float64]:
        """Values at the middles of many equal steps of probability."""
        return self.value((np.arange(_GRID) + 0.5) / _GRID)

    def value(self, uniform: NDArray[Any]) -> NDArray[np.float64]:
        """The value at each probability."""
        found: NDArray[np.float64] = np.exp(np.interp(uniform, self.at, self._logs))
        return found
