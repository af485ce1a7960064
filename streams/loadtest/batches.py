"""Gathering requests into messages, as a client with a batching window does."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Batching"]


@dataclass(frozen=True)
class Batching:
    """The first request opens a window; its message leaves when the window closes, or at once when it is full.

    >>> list(Batching(window_s=0.5, most=2).messages(np.array([0.0, 0.1, 0.2, 1.0])))
    [(0, 2, 0.1), (2, 3, 0.7), (3, 4, 1.5)]
    """

    window_s: float = 0.0
    most: int = 1

    def messages(self, times: NDArray[np.float64]) -> Iterator[tuple[int, int, float]]:
        """For each message: its first request, the one after its last, and when it leaves."""
        start = 0
        while start < len(times):
            closes = float(times[start]) + self.window_s
            end = start + max(1, int(np.searchsorted(times[start : start + self.most], closes)))
            full = end - start == self.most
            yield start, end, float(times[end - 1]) if full else closes
            start = end
