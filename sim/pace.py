"""The pace of a world: the step of its clock, how busy it is, and what that gives in events a second."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.durations import DAY, SECOND
from sim.scenario import Scenario

__all__ = ["Expectation", "Pace", "expectation"]

_STEPS = (SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 120 * SECOND, 300 * SECOND)
_EVENTS_PER_TICK = 150_000
_PILOT_VIEWERS = 2048


@dataclass(frozen=True)
class Expectation:
    """What a session gives on average, measured on a pilot of 2,048 sessions.

    ``per_session`` counts events by (topic, kind); ``session_ms`` is how long a session lasts; ``cycles`` are the
    mean gaps of the pilot's viewers at the scenario's own level of arrivals, in milliseconds.
    """

    per_session: Mapping[tuple[str, str], float]
    session_ms: float
    cycles: tuple[float, ...]
    viewers: int

    def sessions_per_second(self, arrivals: float = 1.0) -> float:
        """Sessions of the whole audience in a simulated second, averaged over a week."""
        cycle = np.asarray(self.cycles) / arrivals + self.session_ms
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
                f"{events_per_second:,.0f} events/s is more than {self.viewers:,} viewers can cause; give at least {needed:,} viewers (--viewers)"
            )
        low, high = 1e-9, 1e9
        for _ in range(200):
            middle = (low * high) ** 0.5
            low, high = (middle, high) if self.events_per_second(middle) < events_per_second else (low, middle)
        return high


@dataclass(frozen=True)
class Pace:
    """The step of the clock in milliseconds, and the level of arrivals relative to the scenario."""

    span: int
    arrivals: float = 1.0

    @classmethod
    def of(cls, scenario: Scenario, events_per_second: float | None = None) -> "Pace":
        """The pace of a scenario, or that at which it has so many events in a simulated second."""
        if scenario.tick is not None and events_per_second is None:
            return cls(scenario.tick)
        expected = expectation(scenario)
        arrivals = 1.0 if events_per_second is None else expected.arrivals_for(events_per_second)
        if scenario.tick is not None:
            return cls(scenario.tick, arrivals)
        rate = expected.events_per_second(arrivals)
        fitting = [step for step in _STEPS if rate * step / SECOND <= _EVENTS_PER_TICK]
        return cls(fitting[-1] if fitting else _STEPS[0], arrivals)


def expectation(scenario: Scenario) -> Expectation:
    """Act out one session of each viewer of a pilot audience, and count."""
    from sim.world import World

    viewers = min(_PILOT_VIEWERS, scenario.audience.viewers)
    audience = scenario.audience.model_copy(update={"viewers": viewers})
    quiet = scenario.model_copy(update={"audience": audience, "campaigns": (), "shifts": ()})
    pilot = World(quiet, pace=Pace(span=10 * DAY))
    pilot.cohort.arrives[:] = scenario.start_ms
    pilot.cohort.advance(scenario.start_ms)
    batches = pilot.stage.close().batches
    ended = next(batch for batch in batches if batch.kind.name == "session_end")
    gap = scenario.audience.returning.gap((np.arange(4096) + 0.5) / 4096).mean()
    return Expectation(
        {(batch.kind.topic, batch.kind.name): len(batch) / viewers for batch in batches},
        float(ended.field("lasted_ms").mean()),
        tuple((gap / pilot.cohort.population.activity).tolist()),
        scenario.audience.viewers,
    )
