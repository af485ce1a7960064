"""The calendar: rows of columns that fall due later, kept by the tick in which they do."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, concatenated, taken

__all__ = ["Calendar"]

_TICKS_IN_LEAF = 16

Buckets = defaultdict[int, list[Columns]]


class Calendar:
    """Columns bucketed by tick; rows of one bucket keep the order in which they were put in.

    A timing wheel of two levels (Varghese and Lauck 1987): rows of the present leaf of 16 ticks are split by tick,
    later ones only by leaf until theirs begins, so that few rows due far apart cost no split each.

    >>> import numpy as np
    >>> calendar = Calendar(span=10)
    >>> calendar.put({"at": np.array([25, 3, 27]), "who": np.array([1, 2, 3])})
    >>> calendar.pop(2)["who"]
    array([1, 3])
    """

    def __init__(self, span: int) -> None:
        """``span`` is the length of a tick; rows say when they fall due in their column ``at``."""
        self.span = span
        self._ticks: Buckets = defaultdict(list)
        self._leaves: Buckets = defaultdict(list)
        self._leaf = -1

    def put(self, columns: Columns) -> None:
        """Keep rows until their tick."""
        leaf = columns["at"] // (self.span * _TICKS_IN_LEAF)
        for number, rows in _split(columns, leaf):
            if number <= self._leaf:
                self._put_ticks(rows)
            else:
                self._leaves[number].append(rows)

    def pop(self, tick: int) -> Columns | None:
        """The rows that fall due in a tick, or None; ticks must be asked for in order."""
        leaf = tick // _TICKS_IN_LEAF
        if leaf > self._leaf:
            self._leaf = leaf
            if parts := self._leaves.pop(leaf, None):
                # At once, for a leaf may have been put in thousands of small parts.
                self._put_ticks(concatenated(parts))
        parts = self._ticks.pop(tick, None)
        return concatenated(parts) if parts else None

    def before_checkpoint(self) -> None:
        """Put the parts of each bucket together: what is due later has been put in thousands of them."""
        for buckets in (self._ticks, self._leaves):
            for number, parts in buckets.items():
                buckets[number] = [concatenated(parts)]

    def _put_ticks(self, columns: Columns) -> None:
        for number, rows in _split(columns, columns["at"] // self.span):
            self._ticks[number].append(rows)


def _split(columns: Columns, bucket: NDArray[Any]) -> list[tuple[int, Columns]]:
    if not len(bucket):
        return []
    first, last = int(bucket.min()), int(bucket.max())
    if first == last:
        return [(first, columns)]
    # NumPy sorts 16-bit integers by radix, several times faster than longer ones.
    narrow = (bucket - first).astype(np.uint16) if last - first < 2**16 else bucket
    order = np.argsort(narrow, kind="stable")
    edges = np.flatnonzero(np.diff(bucket[order])) + 1
    starts, ends = [0, *edges.tolist()], [*edges.tolist(), len(order)]
    ordered = taken(columns, order)
    return [
        (int(bucket[order[start]]), {name: column[start:end] for name, column in ordered.items()})
        for start, end in zip(starts, ends, strict=True)
    ]
