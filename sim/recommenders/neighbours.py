"""Nearest neighbours of items, by who picked both."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["neighbours"]

_STEPS = 2**15 - 2
_MOST = 2**24


def neighbours(
    viewer: NDArray[np.int64], item: NDArray[np.int64], *, items: int, keep: int, shrink: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The nearest items of every item and how near they are (items × keep); likeness 0 where there are no more.

    Likeness is n(i, j) / (√(n(i)·n(j)) + shrink), with n counting distinct viewers, to the nearest 32766th; of equals
    the older item comes first.

    >>> near, likeness = neighbours(np.array([1, 1, 2, 2, 3]), np.array([0, 1, 0, 1, 2]), items=3, keep=1, shrink=0)
    >>> near[:2, 0].tolist(), likeness[:, 0].round(3).tolist()
    ([1, 0], [1.0, 1.0, 0.0])
    """
    viewers = int(viewer.max(initial=0)) + 1
    ones = np.ones(len(item), dtype=np.float32)
    picked = sparse.csr_array((ones, (viewer, item)), shape=(viewers, items))
    picked.data[:] = 1
    together = sparse.coo_array(picked.T @ picked)
    different = together.row != together.col
    one, other, both = (part[different] for part in (together.row, together.col, together.data))
    root = np.sqrt(picked.sum(axis=0).astype(np.float64))
    likeness = both / (root[one] * root[other] + shrink)
    # One number each, item, unlikeness and neighbour from left to right: far faster to sort than three columns.
    far = np.rint((1 - likeness) * _STEPS).astype(np.int64)
    packed = np.sort((one.astype(np.int64) * (_STEPS + 1) + far) * _MOST + other)
    packed, other = np.divmod(packed, _MOST)
    one, far = np.divmod(packed, _STEPS + 1)
    place = np.arange(len(one)) - np.searchsorted(one, np.arange(items))[one]
    kept = np.flatnonzero(place < keep)
    near = np.zeros((items, keep), dtype=np.int64)
    nearness = np.zeros((items, keep), dtype=np.float32)
    near[one[kept], place[kept]] = other[kept]
    nearness[one[kept], place[kept]] = 1 - far[kept] / _STEPS
    return near, nearness
