"""The pilot: one session of each viewer of a small audience, acted out to know what to expect of a large one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.audience.midstream import Moments
from sim.batch import EventBatch
from sim.durations import DAY, SECOND
from sim.events import RecordKind
from sim.scenario import Scenario
from sim.seeds import rng_for

__all__ = ["Expectation", "expectation"]

_VIEWERS = 2048
_MOMENTS = 8192
_SAMPLE = 256


@dataclass(frozen=True)
class Expectation:
    """What a session gives on average, and how many there are.

    ``per_session`` counts events by kind; ``session_ms`` is how long a session lasts; ``gaps_ms`` are the mean
    gaps of the pilot's viewers at the scenario's own level of arrivals; ``moments`` are random moments of sessions,
    ``samples`` a few events of each kind.
    """

    per_session: Mapping[RecordKind, float]
    session_ms: float
    gaps_ms: NDArray[np.float64]
    viewers: int
    moments: Moments
    samples: tuple[EventBatch, ...]

    def sessions_per_second(self, arrivals: float = 1.0) -> float:
        """Sessions of the whole audience in a simulated second, averaged over a week."""
        cycle = self.gaps_ms / arrivals + self.session_ms
        return float(self.viewers * (SECOND / cycle).mean())

    def events_per_second(self, arrivals: float = 1.0) -> float:
        """Events of the whole audience in a simulated second, averaged over a week."""
        return self.sessions_per_second(arrivals) * sum(self.per_session.values())

    def arrivals_for(self, events_per_second: float) -> float:
        """The level of arrivals that gives so many events a second; ValueError if the audience is too small."""
        most = self.viewers * SECOND / self.session_ms * sum(self.per_session.values())
        if events_per_second > 0.5 * most:
            needed = int(np.ceil(events_per_second / most * self.viewers * 2))
            raise ValueError(
                f"{events_per_second:,.0f} events/s is more than {self.viewers:,} viewers can cause; "
                f"give at least {needed:,} viewers (--viewers)"
            )
        low, high = 1e-9, 1e9
        for _ in range(200):
            middle = (low * high) ** 0.5
            low, high = (middle, high) if self.events_per_second(middle) < events_per_second else (low, middle)
        return high


def expectation(scenario: Scenario) -> Expectation:
    """Act out the pilot, and count."""
    from sim.pace import Pace
    from sim.world import World

    viewers = min(_VIEWERS, scenario.audience.viewers)
    audience = scenario.audience.model_copy(update={"viewers": viewers})
    quiet = scenario.model_copy(update={"audience": audience, "campaigns": (), "shifts": ()})
    # One tick that outlasts every session.
    world = World(quiet, pace=Pace(span=50 * DAY))
    sessions, start = world.cohort.sessions, scenario.start_ms
    rows = np.arange(viewers)
    walk = sessions.opened(rows, np.full(viewers, start), np.zeros(viewers, dtype=np.int64))
    due: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    slates, ends = walk["slates"], np.full(viewers, start)
    while len(walk["row"]):
        due.append((walk["row"], walk["at"]))
        walk, over = sessions.step(walk)
        sessions.ended(over)
        ends[over["row"]] = over["at"]
    batches = world.stage.take()
    return Expectation(
        # A registration comes once in a viewer's life, not once in a session.
        {batch.kind: len(batch) / viewers for batch in batches if batch.kind.topic != "audience"},
        float((ends - start).mean()),
        audience.returning.mean / world.cohort.population.activity.astype(np.float64),
        scenario.audience.viewers,
        _moments(due, ends - start, slates, start, seed=scenario.seed),
        tuple(batch.rows(np.arange(min(len(batch), _SAMPLE))) for batch in batches),
    )


def _moments(
    due: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    lengths: NDArray[np.int64],
    slates: NDArray[np.int64],
    start: int,
    *,
    seed: int,
) -> Moments:
    # All sessions laid end to end on one line of time; a uniform point on it is a random moment of a random session,
    # in which long sessions and long plays have the weight that they have for whoever looks in.
    begins = np.concatenate([[0], np.cumsum(lengths)])
    session = np.concatenate([row for row, _ in due])
    number = np.concatenate([np.full(len(row), step) for step, (row, _) in enumerate(due)])
    place = begins[session] + np.concatenate([at for _, at in due]) - start
    order = np.argsort(place, kind="stable")
    point = rng_for(seed, "moments").random(_MOMENTS) * begins[-1]
    following = np.minimum(np.searchsorted(place[order], point, "right"), len(order) - 1)
    found = order[following]
    inside = np.searchsorted(begins, point, "right") - 1
    # After its last slate a session has nothing left to decide: whoever is there is treated as gone.
    kept = (session[found] == inside) & (place[found] > point)
    found, point, inside = found[kept], point[kept], inside[kept]
    return Moments(
        float(kept.mean()),
        (place[found] - point).astype(np.int64),
        (point - begins[inside]).astype(np.int64),
        number[found],
        slates[inside],
    )
