"""The pilot: one session of each viewer of a small audience, acted out to know what to expect of a large one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.audience.midstream import Leftover, Moments
from sim.batch import Columns, EventBatch
from sim.durations import DAY, SECOND
from sim.events import RecordKind
from sim.scenario import Scenario
from sim.seeds import rng_for

__all__ = ["Expectation", "expectation"]

_VIEWERS = 2048
_MOMENTS = 8192
_SAMPLE = 256
# All that may follow a slate before the next one: a viewer who is about to pick has not begun to play yet.
_LEFTOVERS = ("select", "play", "progress", "skip", "abandon", "complete", "like", "dislike", "rate")


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
            low, high = (
                (middle, high) if self.events_per_second(middle) < events_per_second else (low, middle)
            )
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
    due: list[Columns] = []
    slates, ends = walk["slates"], np.full(viewers, start)
    while len(walk["row"]):
        due.append(walk)
        walk, over = sessions.step(walk)
        sessions.ended(over)
        ends[over["row"]] = over["at"]
    batches = world.stage.take()
    diary = _Diary.of(due, ends, slates, start)
    return Expectation(
        # A registration comes once in a viewer's life, not once in a session.
        {batch.kind: len(batch) / viewers for batch in batches if batch.kind.topic != "audience"},
        float((ends - start).mean()),
        audience.returning.mean / world.cohort.population.activity.astype(np.float64),
        scenario.audience.viewers,
        diary.moments(batches, start, rng=rng_for(scenario.seed, "moments")),
        tuple(batch.rows(np.arange(min(len(batch), _SAMPLE))) for batch in batches),
    )


@dataclass(frozen=True)
class _Diary:
    """What the pilot's sessions did, each laid on one line of time behind the one before it."""

    lengths: NDArray[np.int64]
    slates: NDArray[np.int64]
    session: NDArray[np.int64]
    number: NDArray[np.int64]
    at: NDArray[np.int64]

    @classmethod
    def of(
        cls, due: list[Columns], ends: NDArray[np.int64], slates: NDArray[np.int64], start: int
    ) -> "_Diary":
        session = np.concatenate([walk["row"] for walk in due])
        number = np.concatenate([walk["slate"] for walk in due])
        return cls(
            ends - start, slates, session, number, np.concatenate([walk["at"] for walk in due]) - start
        )

    @property
    def begins(self) -> NDArray[np.int64]:
        """Where each session begins on the line, and where the last one ends."""
        return np.concatenate([[0], np.cumsum(self.lengths)])

    def moments(self, batches: list[EventBatch], start: int, *, rng: np.random.Generator) -> Moments:
        """Random moments: a uniform point on the line falls on long sessions and long plays as often as they last."""
        begins = self.begins
        point = rng.random(_MOMENTS) * begins[-1]
        inside = np.searchsorted(begins, point, "right") - 1
        # A session's end stands on the line as a slate that it does not see any more.
        place = np.concatenate([begins[self.session] + self.at, begins[1:]])
        number = np.concatenate([self.number, self.slates])
        order = np.lexsort((-number, place))
        following = order[np.searchsorted(place[order], point, "right")]
        leftovers = tuple(
            Leftover.of(batch, begins[batch.columns["user_id"]] + batch.at - start, point, place[following])
            for batch in batches
            if batch.kind.name in _LEFTOVERS
        )
        return Moments(
            (place[following] - point).astype(np.int64),
            (point - begins[inside]).astype(np.int64),
            number[following],
            self.slates[inside],
            leftovers,
        )
