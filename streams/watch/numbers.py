"""Number sets: which numbers of many sources have been seen, in memory that grows only with what is missing.

Numbers come almost in order, but each partition is read at its own pace, so gaps open and close all the time.
A page of flags stands for 1,024 numbers of one source; a page that is full is forgotten, and one that has not
been touched for a while is packed to bits.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["NumberSet"]

_BITS = 10
_PAGE = 1 << _BITS
_SOURCE_SHIFT = 40 - _BITS
_FULL = 0
_IN_MEMORY = 32_768

Numbers = NDArray[np.int64]


class NumberSet:
    """The numbers seen of each source: distinct counts, repeats, and what is missing.

    >>> seen = NumberSet()
    >>> seen.add(np.array([3, 3, 3]), np.array([0, 1, 4])).tolist()
    [True, True, True]
    >>> seen.add(np.array([3]), np.array([1])).tolist()
    [False]
    >>> list(seen.missing(3, 6))
    [(2, 3), (5, 5)]
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        """``in_memory`` pages are kept as bytes (1 KiB each), the rest as bits (128 bytes each)."""
        self._limit = in_memory
        self._slots: dict[int, int] = {}
        self._packed: dict[int, NDArray[np.uint8]] = {}
        self._free: list[int] = []
        # Slot 0 stands for every page that is full.
        self._flags = np.ones((1, _PAGE), dtype=np.bool_)
        self._population = np.full(1, _PAGE, dtype=np.int64)
        self._touched = np.zeros(1, dtype=np.int64)
        self._turn = 0
        self._full_below: dict[int, int] = {}
        self._full_beyond: dict[int, set[int]] = {}
        self.distinct: dict[int, int] = {}

    @property
    def pages(self) -> int:
        """Pages held, each with at least one number missing."""
        return len(self._slots) + len(self._packed)

    def add(self, source: Numbers, number: Numbers) -> NDArray[np.bool_]:
        """Note numbers of sources; True where a number comes for the first time.

        Runs of one source and of near numbers make this fast; any order is right.
        """
        if not len(source):
            return np.zeros(0, dtype=np.bool_)
        self._turn += 1
        keys = (source << _SOURCE_SHIFT) | (number >> _BITS)
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        run_keys = keys[starts].tolist()
        slots = np.fromiter((self._slot(key) for key in run_keys), np.int64, len(run_keys))
        flat = np.repeat(slots, np.diff(starts, append=len(keys))) * _PAGE + (number & (_PAGE - 1))
        fresh = ~self._flags.ravel()[flat]
        _first_only(fresh, flat)
        self._flags.ravel()[flat] = True
        np.add.at(self._population, slots, np.add.reduceat(fresh, starts, dtype=np.int64))
        self._touched[slots] = self._turn
        self._count(source, fresh)
        self._forget_full(run_keys, slots)
        self._pack_idle()
        return fresh

    def _slot(self, key: int) -> int:
        slot = self._slots.get(key)
        return self._open(key) if slot is None else slot

    def _open(self, key: int) -> int:
        """The slot of a page that has none: full already, packed, or new."""
        source, page = key >> _SOURCE_SHIFT, key & ((1 << _SOURCE_SHIFT) - 1)
        if page < self._full_below.get(source, 0) or page in self._full_beyond.get(source, ()):
            return _FULL
        slot = self._free.pop() if self._free else self._grow()
        bits = self._packed.pop(key, None)
        self._flags[slot] = False if bits is None else np.unpackbits(bits).view(np.bool_)
        self._population[slot] = np.count_nonzero(self._flags[slot])
        self._touched[slot] = self._turn
        self._slots[key] = slot
        return slot

    def _grow(self) -> int:
        held = len(self._flags)
        more = max(64, held // 2)
        self._flags = np.concatenate([self._flags, np.zeros((more, _PAGE), dtype=np.bool_)])
        self._population = np.concatenate([self._population, np.zeros(more, dtype=np.int64)])
        self._touched = np.concatenate([self._touched, np.zeros(more, dtype=np.int64)])
        self._free.extend(range(held + more - 1, held, -1))
        return held

    def _count(self, source: Numbers, fresh: NDArray[np.bool_]) -> None:
        starts = np.flatnonzero(np.diff(source, prepend=-1))
        for which, count in zip(
            source[starts].tolist(), np.add.reduceat(fresh, starts, dtype=np.int64).tolist(), strict=True
        ):
            self.distinct[which] = self.distinct.get(which, 0) + count

    def _forget_full(self, run_keys: list[int], slots: Numbers) -> None:
        for run in np.flatnonzero((self._population[slots] == _PAGE) & (slots != _FULL)).tolist():
            key = run_keys[run]
            if key in self._slots:
                self._free.append(self._slots.pop(key))
                self._note_full(key >> _SOURCE_SHIFT, key & ((1 << _SOURCE_SHIFT) - 1))

    def _note_full(self, source: int, page: int) -> None:
        beyond = self._full_beyond.setdefault(source, set())
        beyond.add(page)
        below = self._full_below.get(source, 0)
        while below in beyond:
            beyond.remove(below)
            below += 1
        self._full_below[source] = below

    def _pack_idle(self) -> None:
        if len(self._slots) <= self._limit:
            return
        for key, slot in list(self._slots.items()):
            if self._touched[slot] < self._turn:
                self._packed[key] = np.packbits(self._flags[slot])
                self._free.append(self._slots.pop(key))

    def contains(self, source: Numbers, number: Numbers) -> NDArray[np.bool_]:
        """Which numbers of sources have been seen."""
        if not len(source):
            return np.zeros(0, dtype=np.bool_)
        keys, which = np.unique((source << _SOURCE_SHIFT) | (number >> _BITS), return_inverse=True)
        pages = [self._page(key >> _SOURCE_SHIFT, key & ((1 << _SOURCE_SHIFT) - 1)) for key in keys.tolist()]
        found: NDArray[np.bool_] = np.stack(pages)[which, number & (_PAGE - 1)].astype(np.bool_)
        return found

    def missing(self, source: int, upto: int) -> Iterator[tuple[int, int]]:
        """Ranges (first, last) of the numbers below ``upto`` that have not been seen, in order."""
        open_range: tuple[int, int] | None = None
        for first, last in self._absent(source, upto):
            if open_range and open_range[1] + 1 == first:
                open_range = open_range[0], last
                continue
            if open_range:
                yield open_range
            open_range = first, last
        if open_range:
            yield open_range

    def _absent(self, source: int, upto: int) -> Iterator[tuple[int, int]]:
        """Missing ranges, cut where pages end."""
        for page in range(self._full_below.get(source, 0), -(-upto // _PAGE)):
            start = page * _PAGE
            absent = np.flatnonzero(self._page(source, page)[: upto - start] == 0) + start
            if len(absent):
                edges = np.flatnonzero(np.diff(absent) > 1)
                yield from zip(
                    absent[np.r_[0, edges + 1]].tolist(), absent[np.r_[edges, -1]].tolist(), strict=True
                )

    def seen_from(self, source: int, number: int) -> int:
        """How many distinct numbers of a source are ``number`` or above."""
        return self.distinct.get(source, 0) - (
            number - sum(last - first + 1 for first, last in self.missing(source, number))
        )

    def _page(self, source: int, page: int) -> NDArray[Any]:
        key = (source << _SOURCE_SHIFT) | page
        if key in self._slots:
            flags: NDArray[Any] = self._flags[self._slots[key]]
            return flags
        if key in self._packed:
            return np.unpackbits(self._packed[key])
        full = page < self._full_below.get(source, 0) or page in self._full_beyond.get(source, ())
        return np.full(_PAGE, full, dtype=np.bool_)


def _first_only(fresh: NDArray[np.bool_], flat: Numbers) -> None:
    """Keep, of equal positions in one call, the first as fresh; rising positions cannot be equal."""
    if (np.diff(flat) > 0).all():
        return
    firsts = np.zeros(len(flat), dtype=np.bool_)
    firsts[np.unique(flat, return_index=True)[1]] = True
    fresh &= firsts
