"""Observed: the log that a service would have kept of what was simulated, by the rules of another log."""

from dataclasses import dataclass

import numpy as np

from sim.batch import Columns, taken
from sim.calibration.chronicle import Chronicle
from sim.calibration.log.log import Log
from sim.calibration.pairs import first_of_pairs, frequent
from sim.durations import SECOND

__all__ = ["Rules", "observed"]

# Part of the span within which all users of a log appear, if it follows a cohort of newcomers.
_COHORT = 0.4
_FULL_HISTORIES = 0.995


@dataclass(frozen=True)
class Rules:
    """How a log was kept: ``least`` rows a user, each pair once or not, the clock's step, until when newcomers count.

    ``source`` is the kind of record that gives a row; ``joined_within`` the span (ms) in which all users appear first.
    """

    source: str
    least: int
    once: bool
    resolution: int
    joined_within: int
    itemless: bool = False

    @classmethod
    def of(cls, log: Log) -> "Rules":
        """The rules that a log seems to follow."""
        first = log.at[log.opens] - log.at.min()
        entered = int(np.quantile(first, _FULL_HISTORIES)) + log.resolution
        source = "ended" if "watch_s" in log.extra else "rate" if "rating" in log.extra else "play"
        return cls(
            source,
            int(log.activity.min()),
            bool(log.repeats.mean() < 1e-3),
            log.resolution,
            entered if entered < _COHORT * log.span else log.span,
            log.items == 1,
        )


def observed(chronicle: Chronicle, rules: Rules, *, source: str | None = None) -> Log:
    """The rows that such a log would hold; ``source`` reads another kind of record instead."""
    columns = chronicle.of(source or rules.source)
    columns = {**columns, "at": columns["at"] // rules.resolution * rules.resolution}
    if rules.once:
        columns = first_of_pairs(columns)
    columns = _newcomers(columns, chronicle.start + rules.joined_within)
    columns = frequent(columns, rules.least)
    extra = {}
    if "stars" in columns:
        extra["rating"] = columns["stars"] + columns.get("half", np.zeros(1)) / 2
    if "watched_ms" in columns:
        extra = {"watch_s": columns["watched_ms"] / SECOND, "length_s": columns["duration_ms"] / SECOND}
    # A log that names no items cannot tell which of the catalogue was played.
    item = np.zeros_like(columns["item_id"]) if rules.itemless else columns["item_id"]
    return Log.of(columns["user_id"], item, columns["at"], extra)


def _newcomers(columns: Columns, until: int) -> Columns:
    user = columns["user_id"]
    first = np.full(int(user.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, user, columns["at"])
    return taken(columns, np.flatnonzero(first[user] < until))
