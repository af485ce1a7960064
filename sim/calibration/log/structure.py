"""Structure: how one row follows another, how often the same comes back, how unequal items are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.log.distances import js_of_counts
from sim.calibration.log.log import Log
from sim.calibration.statistics.popularity import gini

__all__ = ["popularity_class", "structure_distances"]

_CLASSES = 5
_REPEAT_EDGES = 2.0 ** np.arange(0, 12)


def popularity_class(log: Log, classes: int = _CLASSES) -> NDArray[np.int64]:
    """Class of each row's item: 0 for the most popular items, which together have a ``classes``-th of all rows."""
    order = np.argsort(-log.popularity, kind="stable")
    passed = np.cumsum(log.popularity[order]) - log.popularity[order] / 2
    by_item = np.empty(log.items, dtype=np.int64)
    by_item[order] = np.minimum(passed * classes / len(log), classes - 1)
    return by_item[log.item]


def _grams(log: Log, symbol: NDArray[np.int64], symbols: int, length: int) -> NDArray[np.int64]:
    code, whole = symbol[: len(symbol) - length + 1].copy(), np.ones(len(symbol) - length + 1, dtype=bool)
    for step in range(1, length):
        end = len(symbol) - length + 1 + step
        code = code * symbols + symbol[step:end]
        whole &= ~log.opens[step:end]
    return np.bincount(code[whole], minlength=symbols**length)


def _symbols(log: Log) -> tuple[NDArray[np.int64], int]:
    # What is met (popularity class), and whether at once, in the same session or in a new one.
    pace = np.where(log.session_opens, 2, np.where(np.nan_to_num(log.gap_s) >= 1, 1, 0))
    return popularity_class(log) * 3 + pace, 3 * _CLASSES


def _repeat_gaps(log: Log) -> NDArray[np.int64]:
    order = np.lexsort((log.place, log.item, log.user))
    same = (log.user[order][1:] == log.user[order][:-1]) & (log.item[order][1:] == log.item[order][:-1])
    gaps: NDArray[np.int64] = np.diff(log.place[order])[same]
    return gaps


def structure_distances(reference: Log, log: Log) -> Mapping[str, float]:
    """``transition_js`` and ``trigram_js`` (bits), ``repeat_gap_js``, and differences of Gini and repeat share.

    >>> log = Log.of(user=[1] * 6, item=[1, 2, 3] * 2, at=np.arange(6) * 5000)
    >>> structure_distances(log, log)["transition_js"]
    0.0
    """
    found: dict[str, Any] = {}
    for name, length in (("transition_js", 2), ("trigram_js", 3)):
        found[name] = js_of_counts(*(_grams(each, *_symbols(each), length) for each in (reference, log)))
    gaps = [np.histogram(_repeat_gaps(each), _REPEAT_EDGES)[0] for each in (reference, log)]
    found["repeat_gap_js"] = js_of_counts(*gaps)
    found["item_gini_difference"] = gini(log.popularity) - gini(reference.popularity)
    found["user_gini_difference"] = gini(log.activity) - gini(reference.activity)
    found["repeat_share_difference"] = float(log.repeats.mean() - reference.repeats.mean())
    return found
