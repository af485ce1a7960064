"""Marginals: what two logs are compared by, one number a user, item, session or row."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.log.distances import distances, js_of_counts
from sim.calibration.log.log import Log
from sim.durations import DAY, HOUR

__all__ = ["hour_of_week", "marginal_distances", "marginals", "watch_ratio"]

_MONDAY = 3 * DAY


def hour_of_week(log: Log) -> NDArray[np.int64]:
    """Hour of the week of each row, from Monday midnight (UTC), 0 to 167."""
    return (log.at + _MONDAY) % (7 * DAY) // HOUR


def marginals(log: Log) -> dict[str, NDArray[Any]]:
    """Samples by name: activity, popularity, gap, depth, sessions; rating and watch ratio where a log has them."""
    found: dict[str, NDArray[Any]] = {
        "activity": log.activity,
        # Relative to the mean: halves of a log have half the rows for the same items.
        "popularity": log.popularity / log.popularity.mean(),
        "gap": np.log1p(log.gap_s[~log.opens]),
        "depth": log.depth,
        "sessions": log.sessions_of_user,
    }
    if "rating" in log.extra:
        found["rating"] = log.extra["rating"]
    if "watch_s" in log.extra:
        found["watch"] = watch_ratio(log)
    return found


def watch_ratio(log: Log) -> NDArray[np.float64]:
    """Time watched over the item's length, or seconds watched where no length is known."""
    watch = log.extra["watch_s"]
    return watch / np.maximum(log.extra["length_s"], 1e-3) if "length_s" in log.extra else watch


def marginal_distances(reference: Log, log: Log) -> Mapping[str, Mapping[str, float]]:
    """Distances by marginal; ``hour_of_week`` is categorical, and compared by ``js`` alone."""
    first, second = marginals(reference), marginals(log)
    found = {name: distances(first[name], second[name]) for name in first if name in second}
    counts = [np.bincount(hour_of_week(each), minlength=168) for each in (reference, log)]
    return {**found, "hour_of_week": {"js": js_of_counts(*counts)}}
