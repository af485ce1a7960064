"""Retention within a test: how many of those who left came back in time to be seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.loadtest.intervals import share

__all__ = ["Retention"]

_NEVER = np.iinfo(np.int64).max


class Retention:
    """The first end of a session and the first return after it, of every viewer (rows of the population).

    Events come in order of time; of each step of the clock, ends before starts.

    >>> retention = Retention(3)
    >>> retention.end(np.array([0, 1]), np.array([100, 200]))
    >>> retention.start(np.array([0, 2]), np.array([150, 160]))
    >>> retention.end(np.array([0, 2]), np.array([600, 900]))
    >>> retention.summary()["value"]
    0.5
    """

    def __init__(self, viewers: int) -> None:
        self._ended, self._back = np.full((2, viewers), _NEVER, dtype=np.int64)
        self._first, self._last = _NEVER, 0

    def start(self, rows: NDArray[Any], at: NDArray[np.int64]) -> None:
        """Sessions that begin."""
        self._note(at)
        again = self._ended[rows] < at
        np.minimum.at(self._back, rows[again], at[again])

    def end(self, rows: NDArray[Any], at: NDArray[np.int64]) -> None:
        """Sessions that end."""
        self._note(at)
        np.minimum.at(self._ended, rows, at)

    def _note(self, at: NDArray[np.int64]) -> None:
        if len(at):
            self._first, self._last = min(self._first, int(at.min())), max(self._last, int(at.max()))

    def summary(self) -> dict[str, Any]:
        """Of those who left in the first half of the test, the share that was back within the other half's length.

        All of them were watched for that long, so that nobody counts as lost who only had no time to return.
        """
        within = max(self._last - self._first, 0) // 2
        left = np.flatnonzero(self._ended <= min(self._first, _NEVER - within) + within)
        back = self._back[left] - self._ended[left] <= within
        return {
            **share(int(back.sum()), len(left)),
            "viewers": len(left),
            "within_simulated_s": round(within / 1000, 3),
        }
