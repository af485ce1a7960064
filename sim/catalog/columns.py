"""Item columns: one array for each attribute of an item, which grow at their ends and never move a row."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FOREVER", "ItemColumns"]

FOREVER = np.iinfo(np.int64).max
_HEADROOM = 1.25


class ItemColumns:
    """Attributes of items in columns; an item's number is its place in them.

    ``collection`` is the number of the first item of what it belongs to (its own, if it stands by itself), ``position``
    its place there from 1, ``season`` from 1 or 0 where there are none, ``next_item`` what follows it or -1;
    ``trait`` has one row an item: what tastes are compared with, its length the strength of that preference;
    ``quality`` is appeal to everyone; ``released_at`` is the latest release anywhere; ``available_from`` and
    ``available_until`` have a column a region (epoch ms).
    """

    born_at: NDArray[np.int64]
    released_at: NDArray[np.int64]
    duration_ms: NDArray[np.int64]
    creator: NDArray[np.int64]
    genre: NDArray[np.uint8]
    format: NDArray[np.uint8]
    language: NDArray[np.uint8]
    maturity: NDArray[np.uint8]
    collection: NDArray[np.int32]
    next_item: NDArray[np.int32]
    season: NDArray[np.int16]
    position: NDArray[np.int16]
    quality: NDArray[np.float32]
    trait: NDArray[np.float32]
    available_from: NDArray[np.int64]
    available_until: NDArray[np.int64]

    def __init__(self, *, regions: int, dimensions: int) -> None:
        long, code, item, place, real = np.int64, np.uint8, np.int32, np.int16, np.float32
        self._arrays: dict[str, NDArray[Any]] = {
            **{name: np.empty(0, long) for name in ("born_at", "released_at", "duration_ms", "creator")},
            **{name: np.empty(0, code) for name in ("genre", "format", "language", "maturity")},
            **{name: np.empty(0, item) for name in ("collection", "next_item")},
            **{name: np.empty(0, place) for name in ("season", "position")},
            "quality": np.empty(0, real),
            "trait": np.empty((0, dimensions), real),
            **{name: np.empty((0, regions), long) for name in ("available_from", "available_until")},
        }
        self._count = 0
        self._show()

    def __len__(self) -> int:
        return self._count

    def append(self, **columns: NDArray[Any]) -> NDArray[np.int64]:
        """Add items by all of their attributes; returns their numbers."""
        first, count = self._count, self._count + len(columns["born_at"])
        for name, array in self._arrays.items():
            if count > len(array):
                room = count if not first else max(count, int(first * _HEADROOM))
                self._arrays[name] = _grown(array, first, room)
            self._arrays[name][first:count] = columns[name]
        self._count = count
        self._show()
        return np.arange(first, count)

    def _show(self) -> None:
        for name, array in self._arrays.items():
            setattr(self, name, array[: self._count])


def _grown(array: NDArray[Any], count: int, room: int) -> NDArray[Any]:
    grown = np.empty((room, *array.shape[1:]), array.dtype)
    grown[:count] = array[:count]
    return grown
