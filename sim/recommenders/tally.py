"""Tallies: sums of scores by item, row by row, and the best of them, by sorting whole numbers.

Item and score share one 64-bit number, so that a row is sorted without carrying an order along, and sums of whole
numbers are the same in whatever order and company they are taken.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_of", "flagged", "tallied"]

_ONE = 2**20
_FLAG = np.int64(2**31)
_SCORE = np.int64(2**32 - 1)
_SHIFT = np.int64(32)


def tallied(item: NDArray[np.int64], score: NDArray[np.float32]) -> NDArray[np.int64]:
    """Keys of items with scores (0 to 8, to the nearest millionth); a score of 0 is no key."""
    whole = np.rint(score * np.float32(_ONE)).astype(np.int64)
    return np.where(whole > 0, (item + 1 << _SHIFT) + whole, 0)


def flagged(item: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys of items that come last, whatever their score."""
    keys: NDArray[np.int64] = (item + 1 << _SHIFT) + _FLAG
    return keys


def best_of(keys: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """The items with the highest sums of each row, best first; every row must have as many distinct items.

    >>> score = np.array([[0.3, 0.5, 0.4]], dtype=np.float32)
    >>> best_of(tallied(np.array([[7, 9, 7]]), score), 2).tolist()
    [[7, 9]]
    """
    keys = np.sort(keys, axis=1)
    item = keys >> _SHIFT
    last = np.ones(keys.shape, dtype=np.bool_)
    np.not_equal(item[:, 1:], item[:, :-1], out=last[:, :-1])
    passed = np.cumsum(keys & _SCORE, axis=1)
    before = np.maximum.accumulate(np.where(last, passed, 0), axis=1)
    total = passed.copy()
    total[:, 1:] -= before[:, :-1]
    total[total >= _FLAG] = 0
    # Score first, then the older item; rows of nothing at all come after everything.
    found = np.where(last & (item > 0), (total << _SHIFT) + (_SCORE - item), -1)
    # To sort all of a row by vector instructions is faster than to part it.
    found.sort(axis=1)
    return (_SCORE - (found[:, : -count - 1 : -1] & _SCORE) - 1).astype(np.int32)
