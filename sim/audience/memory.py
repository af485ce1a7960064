"""Memory: what each viewer played last."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Memory"]


class Memory:
    """A block of columns (viewers × remembered items): item numbers, the newest first.

    >>> memory = Memory(viewers=3, size=2)
    >>> for item in (7, 8, 9):
    ...     memory.keep(np.array([1]), np.array([item]))
    >>> memory.of(np.array([0, 1])).tolist()
    [[-1, -1], [9, 8]]
    """

    def __init__(self, *, viewers: int, size: int) -> None:
        # Item numbers from 1, so that untouched pages of zeros mean nothing and cost nothing.
        self._items = np.zeros((viewers, size), dtype=np.int32)

    @property
    def size(self) -> int:
        """How many items are remembered."""
        return self._items.shape[1]

    def of(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """What the viewers of some rows played last, -1 where nothing was."""
        items: NDArray[np.int32] = self._items[rows] - np.int32(1)
        return items

    def holds(self, rows: NDArray[Any], items: NDArray[Any]) -> NDArray[np.bool_]:
        """Which items (viewers × items) the viewers of some rows remember."""
        found: NDArray[np.bool_] = (self.of(rows)[:, None, :] == items[:, :, None]).any(axis=2)
        return found

    def keep(self, rows: NDArray[Any], items: NDArray[Any]) -> None:
        """Remember one more item for each of some viewers, none of them twice."""
        if self.size:
            kept = self._items[rows]
            kept[:, 1:] = kept[:, :-1]
            kept[:, 0] = items + 1
            self._items[rows] = kept
