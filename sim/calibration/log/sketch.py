"""A sketch of a log: the distributions that can be read off it directly, as tables of quantiles and shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.log.log import Log
from sim.calibration.log.marginals import hour_of_week
from sim.calibration.log.observed import Rules
from sim.calibration.log.stars import rating_law
from sim.durations import DAY, HOUR, MINUTE, SECOND

__all__ = ["KNOTS", "Sketch", "table"]

# Denser toward both ends, where times differ by orders of magnitude.
KNOTS = np.round(np.concatenate([[0, 0.01, 0.025], np.arange(0.05, 0.96, 0.05), [0.975, 0.99, 0.995, 1]]), 4)
_LEAST_SHARE = 0.002
_MOST_LOOPS = 20
_WEEK = 7 * DAY


def table(sample: NDArray[Any], knots: NDArray[np.float64] = KNOTS) -> dict[str, list[float]]:
    """A quantile table of a sample, as tabulated behaviours take it.

    >>> table(np.array([1.0, 2.0, 3.0]), np.array([0, 0.5, 1]))
    {'at': [0.0, 0.5, 1.0], 'quantiles': [1.0, 2.0, 3.0]}
    """
    found = np.quantile(sample, knots, method="inverted_cdf").astype(np.float64)
    found[-1] = max(found[-1], 1e-6)
    return {"at": [float(k) for k in knots], "quantiles": [float(f"{q:.5g}") for q in found]}


@dataclass(frozen=True)
class Sketch:
    """What a log says of itself; no number in it belongs to one row.

    ``watching`` is how long a play lasts, over ``length_ms``, the median length of an item; where nothing is known of
    plays, it is the time from one row of a session to the next. ``daily`` and ``weekly`` are shares of rows.
    """

    rules: Rules
    users: int
    items: int
    span: int
    week_offset: int
    session_gap_ms: int
    daily: NDArray[np.float64]
    weekly: NDArray[np.float64]
    first_depth: NDArray[np.int64]
    depth: NDArray[np.int64]
    step_ms: float
    pause_ms: float
    watching: dict[str, list[float]]
    length_ms: int
    length_spread: float
    loops: float
    rating: dict[str, Any]

    @classmethod
    def of(cls, log: Log) -> "Sketch":
        """The sketch of a log."""
        hour, first = hour_of_week(log), log.opens[log.session_opens]
        within = log.gap_s[~log.session_opens]
        return cls(
            rules=Rules.of(log),
            users=log.users,
            items=log.items,
            span=log.span,
            week_offset=int((log.at.min() + 3 * DAY) % _WEEK // HOUR * HOUR),
            session_gap_ms=min(max(log.session_gap, MINUTE), DAY),
            daily=_floored(np.bincount(hour % 24, minlength=24)),
            weekly=_floored(np.bincount(hour // 24, minlength=7) / _days_covered(log)),
            first_depth=log.depth[first],
            depth=log.depth[~first] if not first.all() else log.depth,
            step_ms=float(within.mean() * SECOND) if len(within) else 1.0,
            rating=rating_law(log),
            **(_plays_known(log, within) if "watch_s" in log.extra else _plays_unknown(within)),
        )


def _days_covered(log: Log) -> NDArray[np.int64]:
    # Days that the span holds more often than others would look busier than they are.
    hours = (hour_of_week(log)[np.argmin(log.at)] + np.arange(0, max(log.span, HOUR), HOUR) // HOUR) % 168
    return np.maximum(np.bincount(hours // 24, minlength=7), 1)


def _floored(counts: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(counts / counts.sum(), _LEAST_SHARE))


def _plays_unknown(within: NDArray[np.float64]) -> dict[str, Any]:
    longest = max(1.0, float(within.max(initial=1.0)))
    # A clock of whole seconds makes equal times of what is a little apart.
    ratio = np.maximum(within, 5e-4) / longest if len(within) else np.full(2, 1e-3)
    return {
        "pause_ms": 1.0,
        "watching": table(ratio),
        "length_ms": round(longest * SECOND),
        "length_spread": 0.0,
        "loops": 1.0,
    }


def _plays_known(log: Log, within: NDArray[np.float64]) -> dict[str, Any]:
    watch = np.maximum(log.extra["watch_s"], 1e-3)
    length = np.maximum(log.extra.get("length_s", np.full(len(log), np.quantile(watch, 0.99))), 1.0)
    pause = within - watch[~log.session_opens] if len(within) else np.zeros(1)
    ratio = np.minimum(watch / length, _MOST_LOOPS)
    return {
        "pause_ms": float(max(np.median(pause) / np.log(2), 0.001) * SECOND),
        "watching": table(ratio),
        "length_ms": round(float(np.median(length)) * SECOND),
        "length_spread": float(min(np.log(length).std(), 2.0)),
        "loops": float(max(1.0, ratio.max())),
    }
