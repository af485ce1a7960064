"""The calendar: rows of columns that fall due later, kept by the tick in which they do."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, concatenated, taken

__all__ = ["Calendar"]


class Calendar:
    """Columns bucketed by tick; rows of one bucket keep the order in which they were put in.

    >>> import numpy as np
    >>> calendar = Calendar(span=10)
    >>> calendar.put({"at": np.array([25, 3, 27]), "who": np.array([1, 2, 3])})
    >>> calendar.pop(2)["who"]
    array([1, 3])
    """

    def __init__(self, span: int) -> None:
        """``span`` is the length of a tick; rows say when they fall due in their column ``at``."""
        self.span = span
        self._buckets: dict[int, list[Columns]] = defaultdict(list)

    def put(self, columns: Columns) -> None:
        """Keep rows until their tick."""
        tick = columns["at"] // self.span
        if not len(tick):
            return
        first, last = int(tick.min()), int(tick.max())
        if first == last:
            self._buckets[first].append(columns)
            return
        order = _by_tick(tick - first, last - first)
        edges = np.flatnonzero(np.diff(tick[order])) + 1
        for rows in np.split(order, edges):
            self._buckets[int(tick[rows[0]])].append(taken(columns, rows))

    def pop(self, tick: int) -> Columns | None:
        """The rows that fall due in a tick, or None."""
        parts = self._buckets.pop(tick, None)
        return concatenated(parts) if parts else None


def _by_tick(tick: NDArray[Any], last: int) -> NDArray[np.int64]:
    # NumPy sorts 16-bit integers by radix, several times faster than longer ones.
    narrow = tick.astype(np.uint16) if last < 2**16 else tick
    return np.argsort(narrow, kind="stable")
