"""ADWIN: a window over a stream that drops its past when the mean has changed."""

from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Adwin"]

_FEWEST = 5
_GRACE = 10


class Adwin:
    """ADWIN2 of Bifet and Gavaldà (2007), "Learning from time-changing data with adaptive windowing".

    Keeps an exponential histogram of the values since the last change, and drops its oldest part wherever two
    sub-windows have means that differ by more than chance allows with confidence ``delta``. A block of values
    can be taken as one step: ``block=32`` looks as often as the usual ``clock=32`` and costs a thirty-second.

    >>> adwin = Adwin()
    >>> adwin.update(np.concatenate([np.zeros(500), np.ones(500)])) is not None
    True
    """

    def __init__(self, *, delta: float = 0.002, clock: int = 32, block: int = 1, buckets: int = 5) -> None:
        """``buckets`` of each size are kept; cuts are looked for every ``clock`` blocks."""
        self.delta, self._clock, self._block, self._buckets = delta, clock, block, buckets
        self._rows: list[list[tuple[float, float]]] = [[]]
        self._count, self._total, self._variation = 0, 0.0, 0.0
        self._tick = 0
        self._rest = np.zeros(0)
        self.changes = 0

    @property
    def width(self) -> int:
        """Values in the window."""
        return self._count

    @property
    def mean(self) -> float:
        """Mean of the window's values."""
        return self._total / self._count if self._count else 0.0

    def update(self, values: ArrayLike) -> int | None:
        """Take values in the order of time; the index of the value that first showed a change, or None."""
        fresh = np.asarray(values, dtype=np.float64).ravel()
        held = len(self._rest)
        values = np.concatenate([self._rest, fresh])
        whole = len(values) // self._block * self._block
        self._rest = values[whole:]
        blocks = values[:whole].reshape(-1, self._block)
        totals, variations = blocks.sum(axis=1).tolist(), (blocks.var(axis=1) * self._block).tolist()
        found: int | None = None
        for step, block in enumerate(zip(totals, variations, strict=True), start=1):
            if self._take(*block) and found is None:
                found = step * self._block - 1 - held
        return found

    def _take(self, total: float, variation: float) -> bool:
        """Take a block of values as a bucket; True if the mean has changed."""
        if self._count:
            apart = total / self._block - self._total / self._count
            self._variation += self._block * self._count * apart**2 / (self._block + self._count)
        self._variation += variation
        self._count += self._block
        self._total += total
        self._rows[0].append((total, variation))
        self._compress()
        self._tick += 1
        if self._tick % self._clock or self._count <= _GRACE:
            return False
        changed = False
        while self._count > _GRACE and self._cut_found():
            self._drop_oldest()
            changed = True
        self.changes += changed
        return changed

    def _size(self, row: int) -> int:
        """Values in a bucket of a row."""
        return self._block << row

    def _compress(self) -> None:
        """Merge the two oldest buckets of a size that has too many."""
        for row, buckets in enumerate(self._rows):
            if len(buckets) <= self._buckets:
                return
            (total, variation), (other_total, other_variation) = buckets[0], buckets[1]
            between = (total - other_total) ** 2 / (2 * self._size(row))
            del buckets[:2]
            if row + 1 == len(self._rows):
                self._rows.append([])
            self._rows[row + 1].append((total + other_total, variation + other_variation + between))

    def _cut_found(self) -> bool:
        """Whether two neighbouring sub-windows have means that differ by more than the bound allows."""
        sizes, totals = self._oldest_first()
        older, older_total = np.cumsum(sizes)[:-1], np.cumsum(totals)[:-1]
        newer, newer_total = self._count - older, self._total - older_total
        long_enough = (older >= _FEWEST) & (newer >= _FEWEST)
        if not long_enough.any():
            return False
        older, newer = older[long_enough], newer[long_enough]
        difference = np.abs(older_total[long_enough] / older - newer_total[long_enough] / newer)
        harmonic = 1 / (older - _FEWEST + 1) + 1 / (newer - _FEWEST + 1)
        confidence = log(2 * log(self._count) / self.delta)
        bound = (
            np.sqrt(2 * harmonic * self._variation / self._count * confidence) + 2 / 3 * confidence * harmonic
        )
        return bool((difference > bound).any())

    def _oldest_first(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        sizes = [self._size(row) for row in range(len(self._rows) - 1, -1, -1) for _ in self._rows[row]]
        totals = [total for buckets in reversed(self._rows) for total, _ in buckets]
        return np.array(sizes, dtype=np.int64), np.array(totals)

    def _drop_oldest(self) -> None:
        total, variation = self._rows[-1].pop(0)
        size = self._size(len(self._rows) - 1)
        self._count -= size
        self._total -= total
        if self._count:
            between = (
                size * self._count * (total / size - self._total / self._count) ** 2 / (size + self._count)
            )
            self._variation = max(0.0, self._variation - variation - between)
        while len(self._rows) > 1 and not self._rows[-1]:
            self._rows.pop()
