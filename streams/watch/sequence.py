"""Order of arrival: whether each record of a source comes after its predecessors, by number and by time."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Order", "grouped"]

_NEVER = -1
_LARGEST = np.int64(1 << 42)

Column = NDArray[np.int64]


class Order:
    """The newest value of each source so far, in one partition: a number, or a time.

    >>> order = Order()
    >>> order.behind(np.array([4, 4, 4]), np.array([7, 9, 8])).tolist()
    [0, 0, 1]
    """

    def __init__(self) -> None:
        self._newest = np.full(64, _NEVER, dtype=np.int64)

    def behind(self, source: Column, value: Column) -> Column:
        """How far each value lies below the largest that came before it from its source; 0 if it does not.

        ``source`` is grouped (see :func:`grouped`), each group in order of arrival. Values are cut to [0,
        2**42), and at most 2**20 records go in one call, so that a group and a value fit 64 bits.
        """
        if not len(source):
            return np.zeros(0, dtype=np.int64)
        self._reserve(int(source[-1]))
        value = np.clip(value, 0, _LARGEST - 1)
        new_group = np.diff(source, prepend=-1) != 0
        starts = np.flatnonzero(new_group)
        ends = np.append(starts[1:], len(source)) - 1
        before = self._newest[source[starts]]
        if (new_group | (np.diff(value, prepend=0) >= 0)).all() and (value[starts] >= before).all():
            self._newest[source[starts]] = value[ends]
            return np.zeros(len(source), dtype=np.int64)
        base = (np.cumsum(new_group) - 1) * _LARGEST
        with_state = np.maximum(value, np.repeat(before, ends - starts + 1))
        reached = np.maximum.accumulate(with_state + base) - base
        self._newest[source[starts]] = reached[ends]
        predecessor = np.empty_like(reached)
        predecessor[1:] = reached[:-1]
        predecessor[starts] = before
        behind: Column = np.maximum(predecessor - value, 0)
        return behind

    def _reserve(self, source: int) -> None:
        if source >= len(self._newest):
            more = np.full(source + 1 - len(self._newest) + len(self._newest) // 2, _NEVER, dtype=np.int64)
            self._newest = np.concatenate([self._newest, more])


def grouped(source: Column) -> NDArray[np.intp]:
    """The arrangement that brings each source's records together and keeps their order (a radix sort)."""
    narrow = source.astype(np.uint16) if source.max(initial=0) < 1 << 16 else source
    return np.argsort(narrow, kind="stable")
