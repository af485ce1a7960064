"""Reservoirs: a bounded uniform sample of a stream that does not depend on the order of reading."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Reservoir"]

_MOST = 65_536


class Reservoir:
    """Times and values of the records with the smallest digests (bottom-k sampling; Cohen and Kaplan 2007).

    Values are one a record, or records × fields.

    >>> reservoir = Reservoir(most=2)
    >>> reservoir.add(np.array([10, 11, 12]), np.array([1.0, 2.0, 3.0]), np.array([9, 4, 7], dtype=np.uint64))
    >>> reservoir.columns()[1].tolist(), reservoir.seen
    ([2.0, 3.0], 3)
    """

    def __init__(self, most: int = _MOST) -> None:
        """``most`` records are kept."""
        self._most = most
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.uint64]]] = []
        self._held = 0
        self._limit = np.uint64(2**64 - 1)
        self.seen = 0

    def add(self, times: NDArray[np.int64], values: NDArray[np.float64], digests: NDArray[np.uint64]) -> None:
        """Take records; the digest is that of the event id."""
        self.seen += len(times)
        kept = digests <= self._limit
        self._parts.append((times[kept], values[kept], digests[kept]))
        self._held += int(np.count_nonzero(kept))
        if self._held > 2 * self._most:
            self._trim()

    def _trim(self) -> None:
        times, values, digests = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        if len(digests) > self._most:
            self._limit = np.partition(digests, self._most - 1)[self._most - 1]
            kept = digests <= self._limit
            times, values, digests = times[kept], values[kept], digests[kept]
        self._parts, self._held = [(times, values, digests)], len(digests)

    def columns(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Times and values kept, in the order of time."""
        if not self._parts:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        self._trim()
        times, values, digests = self._parts[0]
        order = np.lexsort((digests, times))
        return times[order], values[order]
