"""The plan of a demonstration: how much of a scenario fits into so many seconds, and at what speed."""

from dataclasses import dataclass
from math import ceil

from sim.durations import HOUR
from sim.pilot import expectation
from sim.scenario import Scenario

__all__ = ["Plan", "plan_for"]

_EVENTS = 900_000
_WINDOWS_AFTER_SHIFT = 4


@dataclass(frozen=True)
class Plan:
    """Viewers, simulated milliseconds and speed of a demonstration."""

    viewers: int
    span_ms: int
    speed: float


def plan_for(scenario: Scenario, *, seconds: float, viewers: int | None = None) -> Plan:
    """A plan that shows the reference, every planted shift and some windows after it.

    The audience is as large as the scenario's, or as gives about 900,000 events, whichever is smaller: an embedded
    broker keeps them all in memory.
    """
    watch = scenario.drift
    onset = max((shift.at for shift in scenario.shifts), default=0)
    span = max(HOUR, watch.reference + 2 * watch.window, onset + _WINDOWS_AFTER_SHIFT * watch.window)
    if viewers is None:
        expected = expectation(scenario).events_per_second() * span / 1000
        viewers = min(scenario.audience.viewers, ceil(scenario.audience.viewers * _EVENTS / expected))
    return Plan(viewers, span, span / 1000 / seconds)
