"""Arrival curves: how much busier one hour of the week is than another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.durations import DAY, HOUR

__all__ = ["ArrivalCurve", "OperationalTime"]

_WEEK = 7 * DAY
# The first of January 1970 was a Thursday; weeks are counted from Monday.
_MONDAY = 3 * DAY


class ArrivalCurve(BaseModel):
    """Relative intensity of arrivals by local hour of the day and day of the week."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    daily: tuple[float, ...] = Field(
        default=(
            30,
            18,
            12,
            9,
            9,
            12,
            22,
            38,
            48,
            52,
            54,
            58,
            66,
            62,
            58,
            60,
            66,
            78,
            94,
            110,
            122,
            118,
            92,
            56,
        ),
        min_length=24,
        max_length=24,
    )
    """Intensity of each hour from midnight, in any unit."""
    weekly: tuple[float, ...] = Field(
        default=(0.95, 0.93, 0.94, 0.97, 1.04, 1.12, 1.05), min_length=7, max_length=7
    )
    """Intensity of each day from Monday, in any unit."""

    @field_validator("daily", "weekly")
    @classmethod
    def _positive(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if min(values) <= 0:
            raise ValueError(f"{min(values)} is not above 0: nobody would ever come back in that hour")
        return values

    def operational_time(self) -> "OperationalTime":
        """The clock on which arrivals by this curve come at a constant rate."""
        return OperationalTime(self.daily, self.weekly)


class OperationalTime:
    """A clock that runs faster in busy hours, so that a renewal process on it has the curve's rhythm (Cox 1955).

    >>> clock = ArrivalCurve().operational_time()
    >>> local = np.array([1767225600000])
    >>> bool((abs(clock.to_local(clock.from_local(local)) - local) <= 1).all())
    True
    """

    def __init__(self, daily: Sequence[float], weekly: Sequence[float]) -> None:
        intensity = np.outer(weekly, daily).ravel()
        grid = np.arange(len(intensity) + 1, dtype=np.float64) * HOUR
        self._grid = grid
        self._passed = np.concatenate([[0.0], np.cumsum(intensity / intensity.mean())]) * HOUR

    def from_local(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Operational time of local time; both in milliseconds, a week being equally long on both."""
        week, rest = np.divmod(np.asarray(local, dtype=np.float64) + _MONDAY, _WEEK)
        operational: NDArray[np.float64] = week * _WEEK + np.interp(rest, self._grid, self._passed)
        return operational

    def to_local(self, operational: NDArray[Any]) -> NDArray[np.int64]:
        """Local time of operational time."""
        week, rest = np.divmod(operational, _WEEK)
        local = week * _WEEK + np.interp(rest, self._passed, self._grid) - _MONDAY
        return np.rint(local).astype(np.int64)

    def intensity(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Relative intensity at local times; its mean over a week is 1."""
        hour = ((np.asarray(local) + _MONDAY) % _WEEK // HOUR).astype(np.int64)
        rate: NDArray[np.float64] = np.diff(self._passed)[hour] / HOUR
        return rate
