"""Pairs of viewer and item: how often each occurs, and which of several occurrences is the first."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, taken

__all__ = ["distinct_pairs", "first_of_pairs", "frequent"]


def _keys(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    width = int(second.max(initial=0)) + 1
    keys: NDArray[np.int64] = first.astype(np.int64) * width + second.astype(np.int64)
    return keys


def distinct_pairs(first: NDArray[Any], second: NDArray[Any]) -> int:
    """How many different pairs two columns of codes hold.

    >>> distinct_pairs(np.array([1, 1, 2]), np.array([5, 5, 5]))
    2
    """
    return len(np.unique(_keys(first, second)))


def first_of_pairs(columns: Columns, *, item: str = "item_id") -> Columns:
    """The rows in which a viewer meets an item for the first time, in order of time."""
    order = np.argsort(columns["at"], kind="stable")
    sorted_columns = taken(columns, order)
    _, first = np.unique(_keys(sorted_columns["user_id"], sorted_columns[item]), return_index=True)
    return taken(sorted_columns, np.sort(first))


def frequent(columns: Columns, least: int) -> Columns:
    """The rows of viewers who have at least so many of them."""
    counts = np.bincount(columns["user_id"]) if len(columns["user_id"]) else np.zeros(1, np.int64)
    return taken(columns, np.flatnonzero(counts[columns["user_id"]] >= least))
