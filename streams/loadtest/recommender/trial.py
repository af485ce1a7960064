"""A trial: a world whose audience asks a live recommender, at the rate that a profile fixes beforehand."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.batch import Tick
from sim.durations import SECOND
from sim.pace import Pace
from sim.pilot import Expectation, expectation
from sim.recommenders.recommender import Recommender
from sim.scenario import Scenario
from sim.world import World
from streams.exits import UsageError
from streams.loadtest.arrivals import Arrivals
from streams.loadtest.exchange import Answer
from streams.loadtest.measurements import Measurements
from streams.loadtest.recommender.outcomes import Outcomes
from streams.recommenders.connection import connected
from streams.recommenders.live_slates import LiveSlates

__all__ = ["Trial", "pace_for"]

_TICK_S = 0.1
_LEAD_S = 0.1
_START_S = 0.25
_LOOK_S = 0.005


def pace_for(scenario: Scenario, rate: float, speed: float | None) -> tuple[Pace, float]:
    """The pace of a world that asks for ``rate`` slates a second of wall time, and how fast its clock runs then.

    Without a speed, viewers come as often as the scenario says and the clock runs as fast as the rate asks for; but not
    slower than the wall's: of an audience that is too busy for the rate, arrivals are thinned.
    """
    expected = expectation(scenario)
    slates = _slates_per_session(expected, scenario)
    if speed is None:
        speed = max(rate / (expected.sessions_per_second() * slates), 1.0)
    events = rate / speed / slates * sum(expected.per_session.values())
    try:
        arrivals = expected.arrivals_for(events)
    except ValueError as error:
        raise UsageError(
            f"{rate:g} slates a second at --speed {speed:g}x: {error}, or leave --speed away"
        ) from error
    return Pace(max(round(_TICK_S * SECOND * speed), 1), arrivals, expected), speed


def _slates_per_session(expected: Expectation, scenario: Scenario) -> float:
    shown = sum(count for kind, count in expected.per_session.items() if kind.name == "impression")
    if not shown:
        raise UsageError(
            f"the sessions of scenario {scenario.name!r} have no slates: there is nothing to ask for"
        )
    return shown / scenario.audience.slate


@dataclass
class Trial:
    """Plays a scenario with a live recommender in place of its own, until the profile ends or ``stop`` is set.

    ``starved_s`` is how long the schedule had slots and the audience nobody to ask: requests were late then because the
    audience is too small for the rate and the target's latency, not because of the machine.

    The profile alone says when requests leave: the next request of the audience takes the next intended time, and the
    world's clock runs faster or slower so that there always is one. Neither waits for the service.
    """

    scenario: Scenario
    recommender: Recommender
    arrivals: Arrivals
    speed: float | None = None
    stop: Event = field(default_factory=Event)
    on_progress: Callable[["Trial"], None] = lambda trial: None

    def __post_init__(self) -> None:
        scenario = self.scenario.model_copy(update={"recommender": self.recommender})
        pace, self.clock_speed = pace_for(scenario, self.arrivals.profile.peak, self.speed)
        self.world = World(scenario, pace=pace)
        self.policy = cast(LiveSlates, self.world.policy)
        self.outcomes = Outcomes(self.world)
        self.measured = Measurements(self.arrivals.profile, began=0.0)
        self.simulated_s = self.wall_s = 0.0
        self.starved_s = 0.0
        self._asked = self._told = 0
        self._begun = False

    def _pacing(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        if not self._begun:
            # The world is set up by now: the profile begins with its first request.
            self.measured.began, self._begun = time.monotonic() + _START_S, True
        times = self.measured.began + self.arrivals.take(len(at))
        self._asked += len(times)
        return times

    def run(self) -> None:
        """Send the whole profile, and wait for what is outstanding at its end."""
        with connected(self.world, pacing=self._pacing, note=self._note):
            began = self.world.env.now
            for tick in self.world.ticks():
                self._follow(tick)
                if self.policy.finished or self.stop.is_set():
                    break
            self.simulated_s = (self.world.env.now - began) / SECOND
            self.wall_s = time.monotonic() - self.measured.began
            while self.measured.requests < self._asked:
                self.policy.hear()
                time.sleep(_LOOK_S)

    def _follow(self, tick: Tick) -> None:
        self.outcomes.take(tick)
        self.on_progress(self)
        if self.policy.finished:
            return
        wait = self.policy.horizon - _LEAD_S - time.monotonic()
        if wait > 0:
            self.stop.wait(wait)
        elif self._asked == self._told and self._begun:
            # Nobody is left to ask: a clock that ran on would not bring back those who wait for an answer.
            self.starved_s += _LOOK_S
            self.stop.wait(_LOOK_S)
        self._told = self._asked

    def _note(self, answer: Answer, errors: Sequence[str | None]) -> None:
        self.measured.note(answer, errors)

    def summary(self) -> dict[str, Any]:
        """What the trial adds to the measurements: slates, fallbacks by reason, the clock and the outcomes."""
        return {
            "slates": self.policy.served,
            "fallbacks": dict(self.policy.fallbacks),
            "starved_s": round(self.starved_s, 3),
            "policies_told": dict(self.policy.policies_told),
            "simulated_s": round(self.simulated_s, 3),
            "speed": round(self.simulated_s / self.wall_s, 3) if self.wall_s > 0 else None,
            "outcomes": self.outcomes.summary(),
        }
