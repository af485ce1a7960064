"""Newcomers: viewers who join during the run."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.durations import DAY, Duration

__all__ = ["Newcomers"]

_STEEP = 3.0


class Newcomers(BaseModel):
    """A stream of viewers who join for the first time, each at a time of their own: nobody knows anything of them yet.

    Their number is exact; given it, the times of a Poisson process are independent draws by its intensity, which is the
    arrivals' curve, times an even or a fading trend. They have numbers after those of the audience at the beginning,
    and memory for them is set aside when the run begins.

    >>> Newcomers(per_day=200, over="30d").count
    6000
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    number: int | None = Field(default=None, ge=1)
    """How many they are, or"""
    per_day: float | None = Field(default=None, gt=0)
    """how many there are a day."""
    region: str | None = None
    """Where they live; by default where the audience lives."""
    at: Duration = Field(default=0, ge=0)
    """When the first may come, after the start of the run."""
    over: Duration = Field(default=30 * DAY, gt=0)
    """How long they go on coming."""
    trend: Literal["even", "fading"] = "even"
    """Fading: as after a launch, three times as many at first as on average, and hardly any in the end."""

    @model_validator(mode="after")
    def _one_size(self) -> "Newcomers":
        if (self.number is None) == (self.per_day is None):
            raise ValueError("newcomers need a number or a number per_day, and not both")
        return self

    @property
    def count(self) -> int:
        """How many they are."""
        return self.number if self.number is not None else round((self.per_day or 0.0) * self.over / DAY)

    def passed(self, uniform: NDArray[Any]) -> NDArray[np.float64]:
        """The part of the time, on the operational clock, after which each comes, from uniform numbers."""
        if self.trend == "even":
            return np.asarray(uniform, dtype=np.float64)
        fading: NDArray[np.float64] = -np.log1p(uniform * np.expm1(-_STEEP)) / _STEEP
        return fading
