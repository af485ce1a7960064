"""Midstream: the sessions, and the plays within them, that are already going on when a run begins."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.sessions import Sessions
from sim.batch import Columns, EventBatch, taken
from sim.events import RecordKind
from sim.seeds import Draws

__all__ = ["Leftover", "Moments", "joined", "sessions_going_on"]


@dataclass(frozen=True)
class Leftover:
    """Events of one kind that are still to come from the plays that go on at some moments.

    ``moment`` is the place of each event's moment, in ascending order; ``after`` how much later it comes (ms).
    """

    kind: RecordKind
    moment: NDArray[np.int64]
    after: NDArray[np.int64]
    columns: Columns

    @classmethod
    def of(
        cls, batch: EventBatch, place: NDArray[np.int64], begin: NDArray[np.float64], end: NDArray[np.float64]
    ) -> "Leftover":
        """The events of a batch that fall between each moment's begin and end, all on one line of time."""
        order = np.argsort(place, kind="stable")
        moment, found = joined(place[order], begin, end)
        rows = order[found]
        fields = {field.name: batch.columns[field.name][rows] for field in batch.kind.fields}
        return cls(batch.kind, moment, (place[rows] - begin[moment]).astype(np.int64), fields)


@dataclass(frozen=True)
class Moments:
    """Random moments of typical sessions: time until the next slate or the end, and since the start (ms).

    ``slate`` is the number of the next slate of ``slates`` in all; equal numbers mean that only the end is to come.
    ``mood`` has the columns of the session's mood then.
    """

    wait: NDArray[np.int64]
    elapsed: NDArray[np.int64]
    slate: NDArray[np.int64]
    slates: NDArray[np.int64]
    mood: Columns
    leftovers: tuple[Leftover, ...]


def joined(
    place: NDArray[np.int64], begin: NDArray[Any], end: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each interval (begin, end], the ascending places in it: interval numbers and places' numbers, as pairs."""
    first, last = np.searchsorted(place, begin, "right"), np.searchsorted(place, end, "right")
    count = np.maximum(last - first, 0)
    interval = np.repeat(np.arange(len(begin)), count)
    within = np.arange(len(interval)) - np.repeat(np.cumsum(count) - count, count)
    return interval, first[interval] + within


def sessions_going_on(
    sessions: Sessions, away_ms: NDArray[np.float64], moments: Moments, *, start: int, session_ms: float
) -> Columns:
    """Sessions in progress at ``start``, so that the first minute of a run is like any other.

    A viewer who stays away for ``away_ms`` between sessions of ``session_ms`` is in one with probability
    session/(session + away); where in it, a moment of a typical session tells, and so what is left of its play.
    """
    draws = Draws(sessions.seed, "midstream")
    viewer = sessions.population.viewer
    rows = np.flatnonzero(draws.uniform(viewer, 0) < session_ms / (session_ms + away_ms))
    moment = (draws.uniform(viewer[rows], 1) * len(moments.wait)).astype(np.int64)
    for leftover in moments.leftovers:
        _finish(sessions, viewer[rows], moment, leftover, start)
    return {
        "at": start + 1 + moments.wait[moment],
        "row": rows,
        "session": np.zeros(len(rows), dtype=np.int64),
        "slate": moments.slate[moment],
        "slates": moments.slates[moment],
        "started": start - moments.elapsed[moment],
        "plays": np.zeros(len(rows), dtype=np.int64),
        **taken(moments.mood, moment),
    }


def _finish(
    sessions: Sessions, viewer: NDArray[np.int64], moment: NDArray[np.int64], leftover: Leftover, start: int
) -> None:
    whose, event = joined(leftover.moment, moment - 0.5, moment + 0.5)
    columns = {name: column[event] for name, column in leftover.columns.items()}
    columns |= {"user_id": viewer[whose], "session_id": np.zeros(len(whose), dtype=np.int64)}
    columns |= {"at": start + leftover.after[event], "source": viewer[whose] // sessions.settings.block}
    sessions.stage.emit(leftover.kind, columns)
