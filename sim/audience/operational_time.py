"""Operational time: clocks that run faster in busy hours, by the week or by the calendar."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.durations import DAY, HOUR

__all__ = ["CalendarTime", "OperationalTime", "WeeklyTime", "day_of"]

_WEEK = 7 * DAY
# The first of January 1970 was a Thursday; weeks are counted from Monday.
_MONDAY = 3 * DAY


class OperationalTime(Protocol):
    """A clock that runs faster in busy hours, so that a renewal process on it has the curve's rhythm (Cox 1955)."""

    def from_local(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Operational time of local time, both in milliseconds."""

    def to_local(self, operational: NDArray[Any]) -> NDArray[np.int64]:
        """Local time of operational time."""

    def intensity(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Relative intensity at local times."""


class WeeklyTime:
    """Every week is like the next, and equally long on both clocks: the mean intensity over it is 1.

    >>> clock = WeeklyTime(daily=[1] * 12 + [3] * 12, weekly=[1] * 7)
    >>> clock.intensity(np.array([0, 13 * HOUR])).tolist()
    [0.5, 1.5]
    """

    def __init__(self, daily: Sequence[float], weekly: Sequence[float]) -> None:
        intensity = np.outer(weekly, daily).ravel()
        self._grid = np.arange(len(intensity) + 1, dtype=np.float64) * HOUR
        self._passed = np.concatenate([[0.0], np.cumsum(intensity / intensity.mean())]) * HOUR

    def from_local(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Operational time of local time, both in milliseconds."""
        week, rest = np.divmod(np.asarray(local, dtype=np.float64) + _MONDAY, _WEEK)
        operational: NDArray[np.float64] = week * _WEEK + np.interp(rest, self._grid, self._passed)
        return operational

    def to_local(self, operational: NDArray[Any]) -> NDArray[np.int64]:
        """Local time of operational time."""
        week, rest = np.divmod(operational, _WEEK)
        local = week * _WEEK + np.interp(rest, self._passed, self._grid) - _MONDAY
        return np.rint(local).astype(np.int64)

    def intensity(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Relative intensity at local times."""
        hour = ((np.asarray(local) + _MONDAY) % _WEEK // HOUR).astype(np.int64)
        rate: NDArray[np.float64] = np.diff(self._passed)[hour] / HOUR
        return rate


class CalendarTime:
    """Hours of given intensities from a local midnight on; before and after them time passes evenly.

    >>> clock = CalendarTime(0, np.array([1.0, 3.0]))
    >>> clock.from_local(np.array([HOUR, 2 * HOUR, 3 * HOUR])) / HOUR
    array([1., 4., 5.])
    """

    def __init__(self, origin: int, intensity: NDArray[np.float64]) -> None:
        """``origin`` is the local time (epoch ms) at which the first of the hours begins."""
        self._intensity = intensity
        self._grid = origin + np.arange(len(intensity) + 1, dtype=np.float64) * HOUR
        self._passed = origin + np.concatenate([[0.0], np.cumsum(intensity)]) * HOUR

    def from_local(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Operational time of local time, both in milliseconds."""
        return _interpolated(np.asarray(local, dtype=np.float64), self._grid, self._passed)

    def to_local(self, operational: NDArray[Any]) -> NDArray[np.int64]:
        """Local time of operational time."""
        return np.rint(_interpolated(operational, self._passed, self._grid)).astype(np.int64)

    def intensity(self, local: NDArray[Any]) -> NDArray[np.float64]:
        """Relative intensity at local times."""
        hour = (np.asarray(local) - int(self._grid[0])) // HOUR
        known = (hour >= 0) & (hour < len(self._intensity))
        found: NDArray[np.float64] = np.where(
            known, self._intensity[np.clip(hour, 0, len(self._intensity) - 1)], 1.0
        )
        return found


def _interpolated(
    value: NDArray[np.float64], of: NDArray[np.float64], to: NDArray[np.float64]
) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.interp(value, of, to)
    found += np.minimum(value - of[0], 0) + np.maximum(value - of[-1], 0)
    return found


def day_of(local: int) -> int:
    """The local midnight (epoch ms) of the day in which a local time lies."""
    return local // DAY * DAY
