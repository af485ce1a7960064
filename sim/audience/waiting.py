"""Those who are away, and what their clocks will show when they come back."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.clocks import Clocks

__all__ = ["Waiting"]

_AHEAD = 16
_CHUNK = 1 << 18
_NEVER = np.inf
# A reading that no clock will ever show: of those who are outside and do not come.
_DISMISSED = 1e300


class Waiting:
    """Readings of clocks at which viewers come, a row each; infinite where one is inside.

    All rows are looked through once in 16 ticks for those whose time is near, and the near ones once in a tick; after
    that, only those who were put since.
    """

    checkpointed = ("due", "_near", "_fresh", "_horizon")

    def __init__(self, clocks: Clocks, clock: NDArray[Any]) -> None:
        """``clock`` is the number of each row's clock."""
        self.clocks, self.clock = clocks, clock
        self.due = np.full(len(clock), _NEVER)
        self._near: list[NDArray[np.int64]] = []
        self._fresh: list[NDArray[np.int64]] = []
        self._limit: NDArray[np.float64] | None = None
        self._horizon = np.full(len(clocks), -_NEVER)

    def put(self, rows: NDArray[np.int64], due: NDArray[np.float64]) -> None:
        """Let rows come when their clocks show these readings."""
        self.due[rows] = due
        near = rows[due < self._horizon[self.clock[rows]]]
        if len(near):
            self._fresh.append(near)

    def forget(self, rows: NDArray[np.int64]) -> None:
        """Rows are inside: they will not come until they are put again."""
        self.due[rows] = _NEVER

    def dismiss(self, rows: NDArray[np.int64]) -> None:
        """Rows are outside, and will not come unless they are put again."""
        self.due[rows] = _DISMISSED

    def expected(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which rows are outside and will come."""
        expected: NDArray[np.bool_] = self.due[rows] < _DISMISSED
        return expected

    def dismissed(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which rows are outside and will not come."""
        dismissed: NDArray[np.bool_] = self.due[rows] == _DISMISSED
        return dismissed

    def take(self, span: int, end: int) -> NDArray[np.int64]:
        """Rows that come before this tick ends (at ``end``, after ``span`` ms), in ascending order."""
        limit = self.clocks.limit
        if limit is not self._limit:
            self._limit = limit
            self._fresh += self._near
            self._near = []
            if (limit > self._horizon).any():
                self._look_ahead(self.clocks.after(end + (_AHEAD - 1) * span))
        if not self._fresh:
            return np.empty(0, dtype=np.int64)
        rows = np.concatenate(self._fresh) if len(self._fresh) > 1 else self._fresh[0]
        comes = self.due[rows] < limit[self.clock[rows]]
        self._near.append(rows[~comes])
        self._fresh = []
        # A row that was put again while it was near stands there twice.
        return np.unique(rows[comes])

    def _look_ahead(self, horizon: NDArray[np.float64]) -> None:
        self._horizon = np.maximum(horizon, self.clocks.limit)
        self._fresh = [
            start
            + np.flatnonzero(
                self.due[start : start + _CHUNK] < self._horizon[self.clock[start : start + _CHUNK]]
            )
            for start in range(0, len(self.due), _CHUNK)
        ]
