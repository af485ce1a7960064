"""Latest: what was last said of every viewer, at any time of the present step of the clock."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Latest"]

_TIME = 2**38


class Latest:
    """A small number for each viewer that changes at known times; several times in a step, if it must.

    >>> playing = Latest(2, -1)
    >>> playing.change(np.array([1, 1]), np.array([5, 9]), np.array([0, 3]))
    >>> playing.before(np.array([1, 1, 1, 0]), np.array([5, 6, 10, 10])).tolist()
    [-1, 0, 3, -1]
    """

    def __init__(self, viewers: int, first: int) -> None:
        self._known = np.full(viewers, first, dtype=np.int8)
        self._rows, self._values = np.empty((2, 0), dtype=np.int64)
        self._keys, self._begin = np.empty(0, dtype=np.int64), 0

    def change(self, rows: NDArray[Any], at: NDArray[np.int64], values: NDArray[Any]) -> None:
        """The changes of the next step; those of the step before are final by now."""
        self._known[self._rows] = self._values
        self._begin = int(at.min(initial=0))
        keys = rows * _TIME + (at - self._begin)
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows, self._values = keys[order], rows[order], values[order]

    def before(self, rows: NDArray[Any], at: NDArray[np.int64], *, until: int = 0) -> NDArray[np.int8]:
        """What was said before these times (or ``until`` 1: at them, too), of viewers by their rows."""
        known: NDArray[np.int8] = self._known[rows]
        if not len(self._keys):
            return known
        # What happened before the step's first change is as it was.
        place = np.searchsorted(self._keys, rows * _TIME + np.maximum(at - self._begin, -1) + until) - 1
        said = (place >= 0) & (self._rows[place] == rows)
        return np.where(said, self._values[place], known).astype(np.int8)
