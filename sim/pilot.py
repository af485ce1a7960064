"""The pilot: one session of each viewer of a small audience, acted out to know what to expect of a large one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.cohort import Cohort
from sim.audience.excitation import Excitation
from sim.audience.midstream import Leftover, Moments
from sim.audience.mood import MOOD
from sim.batch import Columns, EventBatch, concatenated
from sim.durations import DAY, HOUR, SECOND
from sim.events import RecordKind
from sim.scenario import Scenario
from sim.seeds import rng_for

__all__ = ["Expectation", "expectation"]

_VIEWERS = 2048
# Far more viewers are counted than acted out: the mean of how often they come is that of a heavy-tailed law.
_KNOWN = 65_536
_GROUPS = 1024
_DEPTHS = 32
_MOMENTS = 8192
_SAMPLE = 256
# All that may follow a slate before the next one: a viewer who is about to pick has not begun to play yet.
_LEFTOVERS = (
    *("select", "search", "play", "pause", "seek", "stall", "progress", "skip", "abandon", "complete"),
    *("like", "dislike", "rate", "list_add", "share", "follow"),
)


@dataclass(frozen=True)
class Expectation:
    """What a session gives on average, and how many there are.

    ``per_session`` counts events by kind; ``session_ms`` is how long a session lasts; ``gaps_ms`` are mean gaps of
    viewers at the scenario's own level of arrivals, each of as many viewers as any other; ``hours`` is how fast the
    clocks of arrivals run in each hour of a week; ``moments`` are random moments of sessions, ``samples`` a few events
    of each kind.
    """

    per_session: Mapping[RecordKind, float]
    session_ms: float
    gaps_ms: NDArray[np.float64]
    hours: NDArray[np.float64]
    excitation: Excitation
    viewers: int
    moments: Moments
    samples: tuple[EventBatch, ...]

    def sessions_per_second(self, arrivals: float = 1.0) -> float:
        """Sessions of the whole audience in a simulated second, averaged over a week.

        Gaps pass on the clock of arrivals and sessions on that of the wall: in a busy hour more viewers are inside,
        and so fewer can come. Every hour is taken as if it lasted.
        """
        gaps = self.excitation.mean_gap(self.gaps_ms[:, None] / (arrivals * self.hours))
        return float(self.viewers * (SECOND / (gaps + self.session_ms)).mean())

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

    known = min(_KNOWN, scenario.audience.viewers)
    audience = scenario.audience.sample(known)
    quiet = scenario.model_copy(update={"audience": audience, "campaigns": (), "shifts": ()})
    # One tick that outlasts every session.
    world = World(quiet, pace=Pace(span=50 * DAY))
    sessions, start, viewers = world.cohort.sessions, scenario.start_ms, min(_VIEWERS, known)
    rows = np.arange(viewers)
    # A typical session is not the first one, where that is different.
    number = np.full(viewers, int(audience.first_depth is not None), dtype=np.int64)
    walk = sessions.opened(rows, np.full(viewers, start), number)
    walk["slates"] = _even_depths(scenario, viewers)
    due: list[Columns] = []
    slates, ends = walk["slates"].copy(), np.full(viewers, start)
    while len(walk["row"]):
        due.append(walk)
        walk, over = sessions.step(walk)
        sessions.ended(over)
        ends[over["row"]], slates[over["row"]] = over["at"], over["slate"]
    batches = world.stage.take()
    diary = _Diary.of(due, ends, slates, start)
    return Expectation(
        # A registration comes once in a viewer's life, not once in a session.
        {batch.kind: len(batch) / viewers for batch in batches if batch.kind.topic != "audience"},
        float((ends - start).mean()),
        _grouped(world.cohort.gaps_ms()),
        _hours(world.cohort, start),
        audience.excitation,
        scenario.audience.viewers,
        diary.moments(batches, start, rng=rng_for(scenario.seed, "moments")),
        tuple(batch.rows(np.arange(min(len(batch), _SAMPLE))) for batch in batches),
    )


def _even_depths(scenario: Scenario, viewers: int) -> NDArray[np.int64]:
    # Quantiles instead of chance: the mean depth of few sessions is then that of many.
    rng = rng_for(scenario.seed, "pilot depths")
    depths = np.sort(scenario.audience.depth.slates(*rng.random((2, viewers * _DEPTHS))))
    return rng.permutation(depths[_DEPTHS // 2 :: _DEPTHS])


def _grouped(gaps_ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """One gap for each group of viewers who come about as often: their rates are averaged."""
    rates = np.sort(1 / gaps_ms)
    groups = min(_GROUPS, len(rates))
    edges = np.arange(groups) * len(rates) // groups
    counts = np.diff(edges, append=len(rates))
    means: NDArray[np.float64] = counts / np.add.reduceat(rates, edges)
    return means


def _hours(cohort: Cohort, start: int) -> NDArray[np.float64]:
    """Speeds of the clocks of arrivals over a week from the start on, a few for all hours of viewers of all regions."""
    few = cohort.waiting.clock[:_SAMPLE]
    speeds = [cohort.clocks.intensity(few, start + hour * HOUR) for hour in range(7 * 24)]
    hours: NDArray[np.float64] = np.sort(np.concatenate(speeds)).reshape(7 * 24, -1).mean(axis=1)
    return hours


@dataclass(frozen=True)
class _Diary:
    """What the pilot's sessions did, each laid on one line of time behind the one before it."""

    lengths: NDArray[np.int64]
    slates: NDArray[np.int64]
    session: NDArray[np.int64]
    number: NDArray[np.int64]
    at: NDArray[np.int64]
    planned: NDArray[np.int64]
    mood: Columns

    @classmethod
    def of(
        cls, due: list[Columns], ends: NDArray[np.int64], slates: NDArray[np.int64], start: int
    ) -> "_Diary":
        walks = concatenated(due)
        mood = {name: column for name, column in walks.items() if name in MOOD}
        at = walks["at"] - start
        return cls(ends - start, slates, walks["row"], walks["slate"], at, walks["slates"], mood)

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
        number, slates = (
            np.concatenate([self.number, self.slates]),
            np.concatenate([self.planned, self.slates]),
        )
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
            slates[following],
            {name: self._with_ends(column)[following] for name, column in self.mood.items()},
            leftovers,
        )

    def _with_ends(self, column: NDArray[Any]) -> NDArray[Any]:
        # Nobody asks for the mood of a session that is over but for its end.
        return np.concatenate([column, np.zeros((len(self.lengths), *column.shape[1:]), column.dtype)])
