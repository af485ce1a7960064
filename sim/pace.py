"""The pace of a world: the step of its clock, and how busy it is."""

from dataclasses import dataclass

from sim.durations import SECOND
from sim.pilot import Expectation, expectation
from sim.scenario import Scenario

__all__ = ["Pace"]

_STEPS = (SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 120 * SECOND, 300 * SECOND)
_EVENTS_PER_TICK = 150_000


@dataclass(frozen=True)
class Pace:
    """The step of the clock (ms), the level of arrivals relative to the scenario, and what is expected of a session.

    Without an expectation the run begins with nobody inside.
    """

    span: int
    arrivals: float = 1.0
    expected: Expectation | None = None

    @classmethod
    def of(cls, scenario: Scenario, events_per_second: float | None = None) -> "Pace":
        """The pace of a scenario, or that at which it has so many events in a simulated second."""
        expected = expectation(scenario)
        arrivals = 1.0 if events_per_second is None else expected.arrivals_for(events_per_second)
        return cls(scenario.tick or _step(expected.events_per_second(arrivals)), arrivals, expected)


def _step(events_per_second: float) -> int:
    fitting = [step for step in _STEPS if events_per_second * step / SECOND <= _EVENTS_PER_TICK]
    return fitting[-1] if fitting else _STEPS[0]
