"""Raking: a joint table that keeps given totals (iterative proportional fitting)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["raked"]

Table = NDArray[np.float64]

_ROUNDS = 500
_CLOSE = 1e-9


def raked(
    table: Table, margins: Mapping[tuple[int, ...], Table], slabs: Sequence[tuple[NDArray[np.bool_], float]]
) -> Table:
    """The table nearest to the given one, in relative entropy, that has these margins and these shares of slabs.

    Deming and Stephan 1940. ``margins`` are totals over all axes but the named ones; a slab is a set of cells and its
    share of everything. Cells that are 0 stay 0. ValueError if the totals contradict each other.

    >>> table = raked(np.full((2, 2), 0.25), {(0,): np.array([0.5, 0.5]), (1,): np.array([0.8, 0.2])},
    ...               [(np.array([[False, False], [False, True]]), 0.15)])
    >>> table.round(6).tolist()
    [[0.45, 0.05], [0.35, 0.15]]
    """
    found: Table = table / table.sum()
    for _ in range(_ROUNDS):
        before = found
        for axes, total in margins.items():
            others = tuple(axis for axis in range(found.ndim) if axis not in axes)
            found = found * np.expand_dims(_ratio(total, found.sum(axis=others)), others)
        for cells, share in slabs:
            inside = float(found[cells].sum())
            outside = float(_ratio(np.array(1 - share), np.array(1 - inside)))
            found = found * np.where(cells, _ratio(np.array(share), np.array(inside)), outside)
        if np.abs(found - before).sum() < _CLOSE * 0.01:
            break
    _check(found, margins, slabs)
    return found


def _ratio(wanted: Table, had: Table) -> Table:
    ratio: Table = np.zeros(np.shape(had))
    np.divide(wanted, had, out=ratio, where=np.asarray(had) > 0)
    return ratio


def _check(
    table: Table, margins: Mapping[tuple[int, ...], Table], slabs: Sequence[tuple[NDArray[np.bool_], float]]
) -> None:
    wrong = [abs(float(table[cells].sum()) - share) for cells, share in slabs]
    for axes, total in margins.items():
        others = tuple(axis for axis in range(table.ndim) if axis not in axes)
        wrong.append(float(np.abs(table.sum(axis=others) - total).max()))
    if max(wrong, default=0) > _CLOSE * 1e3:
        raise ValueError(
            f"the shares asked for contradict each other: the nearest mix misses one of them by {max(wrong):.2g}"
        )
