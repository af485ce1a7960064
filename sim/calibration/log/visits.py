"""Visits: the sessions of an audience by its return behaviour alone, without what happens in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.audience.behaviour import Depth, Return
from sim.audience.churn import Churn
from sim.calibration.log.log import Log
from sim.durations import DAY
from sim.seeds import rng_for

__all__ = ["VisitModel", "Visits", "counted", "visits_of"]

_MOST_SESSIONS = 400


@dataclass(frozen=True)
class Visits:
    """Sessions sorted by viewer and time: whose, when they begin (ms from the start of the span), and how deep."""

    user: NDArray[np.int64]
    at: NDArray[np.float64]
    depth: NDArray[np.int64]

    def statistics(self) -> dict[str, NDArray[np.float64]]:
        """Samples that tell visits apart: rows, sessions and days of users, gaps between sessions, depths."""
        opens = np.concatenate([[True], self.user[1:] != self.user[:-1]])
        first = np.flatnonzero(opens)
        gap = np.diff(self.at, prepend=0.0)
        last = np.concatenate([first[1:], [len(self.at)]]) - 1
        rows = np.add.reduceat(self.depth, first)
        sessions = np.diff(np.append(first, len(self.at)))
        return {
            "activity": np.log(rows),
            "activity_of_row": np.log(np.repeat(rows, rows)),
            "sessions": np.log(sessions),
            "sessions_of_row": np.log(np.repeat(sessions, rows)),
            "days": np.log1p((self.at[last] - self.at[first]) / DAY),
            "gap": np.log(np.maximum(gap[~opens], 1.0)),
            "depth": np.log(self.depth),
        }


def visits_of(log: Log) -> Visits:
    """The visits of a log."""
    opens = np.flatnonzero(log.session_opens)
    return Visits(log.user[opens], (log.at[opens] - log.at.min()).astype(np.float64), log.depth)


@dataclass(frozen=True)
class VisitModel:
    """What decides about visits, as the cohort does: gaps on a clock that activity speeds up, and sessions that bring
    sessions.

    ``within_ms`` is the mean time from row to row in a session; the share ``newcomers`` of the viewers comes for the
    first time within ``joining_ms``, all others have come before.
    """

    returning: Return
    depth: Depth
    first_depth: Depth
    spread: float
    branching: float
    delay: float
    within_ms: float
    churn: Churn | None = None
    newcomers: float = 0.0
    joining_ms: float = 0.0

    def drawn(self, viewers: int, span: float, *, seed: int) -> Visits:
        """The visits of so many viewers in a span (ms)."""
        seeds = [rng_for(seed, "visits", purpose) for purpose in range(6)]
        churn = self.churn or Churn(kind="")
        last = churn.last_session(seeds[4].random(viewers))
        activity = np.exp(seeds[0].normal(-(self.spread**2) / 2, self.spread, viewers))
        at = self.returning.residual(seeds[1].random(viewers), rng=seeds[2]) / activity
        entry = seeds[5].random((2, viewers))
        at = np.where(entry[0] < self.newcomers, entry[1] * self.joining_ms, at)
        row, session, uniform = np.arange(viewers), 0, seeds[3]
        parts: list[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]] = []
        while session < _MOST_SESSIONS:
            # A row of random numbers for everyone, whoever is still there: parameters change, the numbers do not.
            draws = uniform.random((5, viewers))[:, row]
            inside = at < span
            row, at, draws = row[inside], at[inside], draws[:, inside]
            if not len(row):
                break
            law = self.depth if session else self.first_depth
            depth = law.slates(draws[0], draws[1])
            parts.append((row, at, depth))
            gap = self.returning.gap(draws[2]) / activity[row]
            brought = draws[3] < self.branching
            soon = -np.log1p(-draws[3] / max(self.branching, 1e-9) * brought) * self.delay
            at = at + depth * self.within_ms + np.where(brought, soon, gap)
            at[draws[4] < last[row]] = np.inf
            session += 1
        user, when, deep = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((when, user))
        return Visits(user[order], when[order], deep[order])


def counted(
    visits: Visits,
    *,
    least: int,
    joined_within: float,
    session_gap: float,
    resolution: float,
    within_ms: float,
) -> Visits:
    """The visits that a log's rules count: of users with enough rows who came in time, near ones merged into one."""
    at = visits.at // resolution * resolution
    opens = np.concatenate([[True], visits.user[1:] != visits.user[:-1]])
    gap = np.diff(at, prepend=0.0) - np.concatenate([[0], (visits.depth[:-1] - 1) * within_ms])
    begins = np.flatnonzero(opens | (gap >= session_gap))
    depth = np.add.reduceat(visits.depth, begins)
    user, at = visits.user[begins], at[begins]
    rows = np.bincount(visits.user, weights=visits.depth)
    first = np.full(len(rows), np.inf)
    np.minimum.at(first, visits.user, visits.at)
    kept = (rows[user] >= least) & (first[user] < joined_within)
    return Visits(user[kept], at[kept], depth[kept])
