"""Privacy: whether a made log is nearer to the users it was fitted to than to others."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import binomtest

from sim.calibration.log.log import Log
from sim.calibration.log.two_sample import user_features

__all__ = ["copied_histories", "copied_rows", "privacy"]

_FEWEST = 4


def privacy(fitted_to: Log, held_out: Log, made: Log) -> Mapping[str, float]:
    """Distances of made users to their closest records (DCR) among those fitted to and those held out.

    Users are points of standardised features. Without memorising, a made user is as often nearer to one log as to the
    other if both have as many users: ``nearer_to_fitted`` is about 0.5, ``p_value`` that of a sign test.
    """
    size = min(fitted_to.users, held_out.users)
    points = [_points(log) for log in (fitted_to, held_out, made)]
    both = np.vstack(points[:2])
    centre, spread = np.nanmean(both, axis=0), np.nanstd(both, axis=0)
    near, far, own = (np.nan_to_num((p - centre) / np.where(spread > 0, spread, 1)) for p in points)
    to_fitted, to_held = cKDTree(near[:size]).query(own)[0], cKDTree(far[:size]).query(own)[0]
    nearer, differ = int(np.sum(to_fitted < to_held)), int(np.sum(to_fitted != to_held))
    test = binomtest(nearer, differ, alternative="greater") if differ else None
    return {
        "dcr_fitted": float(np.median(to_fitted)),
        "dcr_held_out": float(np.median(to_held)),
        "dcr_real": float(np.median(cKDTree(far[:size]).query(near)[0])),
        "nearer_to_fitted": nearer / max(differ, 1),
        "p_value": float(test.pvalue) if test else 1.0,
        "copied_rows": float(copied_rows(fitted_to, made)),
        "copied_histories": float(copied_histories(fitted_to, made)),
    }


def _points(log: Log) -> NDArray[np.float64]:
    return np.column_stack(list(user_features(log).values()))


def copied_rows(log: Log, made: Log) -> int:
    """Rows of the made log whose user, item and time all stand together in the log it was fitted to."""
    known = set(zip(log.user.tolist(), log.item.tolist(), log.at.tolist(), strict=True))
    return sum(
        row in known for row in zip(made.user.tolist(), made.item.tolist(), made.at.tolist(), strict=True)
    )


def copied_histories(log: Log, made: Log) -> int:
    """Users of the made log whose whole history (times from its beginning, and items) is one of the log's.

    Histories of fewer than four rows are alike by chance, and are not counted.
    """
    known = set(_histories(log))
    return sum(history in known for history in _histories(made))


def _histories(log: Log) -> list[tuple[bytes, bytes]]:
    begin = np.flatnonzero(log.opens)
    since = log.at - log.at[begin][log.user]
    pieces = zip(np.split(since, begin[1:]), np.split(log.item, begin[1:]), strict=True)
    return [(times.tobytes(), items.tobytes()) for times, items in pieces if len(times) >= _FEWEST]
