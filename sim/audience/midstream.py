"""Midstream: the sessions that are already going on when a run begins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.audience.sessions import Sessions
from sim.batch import Columns
from sim.seeds import Draws

__all__ = ["Moments", "sessions_going_on"]


@dataclass(frozen=True)
class Moments:
    """Random moments of typical sessions: time to the next slate and since the start (ms), its number, slates in all.

    ``share`` is the part of all moments that have a next slate.
    """

    share: float
    wait: NDArray[np.int64]
    elapsed: NDArray[np.int64]
    slate: NDArray[np.int64]
    slates: NDArray[np.int64]


def sessions_going_on(
    sessions: Sessions, away_ms: NDArray[np.float64], moments: Moments, *, start: int, session_ms: float
) -> Columns:
    """Sessions in progress at ``start``, so that the first minute of a run is as busy as any other.

    A viewer who stays away for ``away_ms`` between sessions of ``session_ms`` is in one with probability
    session/(session + away); where in it, a moment of a typical session tells.
    """
    draws = Draws(sessions.seed, "midstream")
    viewer = sessions.population.viewer
    inside = draws.uniform(viewer, 0) < moments.share * session_ms / (session_ms + away_ms)
    rows = np.flatnonzero(inside)
    moment = (draws.uniform(viewer[rows], 1) * len(moments.wait)).astype(np.int64)
    return {
        "at": start + 1 + moments.wait[moment],
        "row": rows,
        "session": np.zeros(len(rows), dtype=np.int64),
        "slate": moments.slate[moment],
        "slates": moments.slates[moment],
        "started": start - moments.elapsed[moment],
        "plays": np.zeros(len(rows), dtype=np.int64),
    }
