"""Tempo: what changes mean for the clock on the wall, when their tick begins."""

from collections.abc import Iterable
from typing import Protocol

from sim.steering.change import Change
from sim.steering.speed import SetSpeed
from sim.world import World
from streams.metrics import INTENDED_RATE

__all__ = ["Pacing", "Tempo"]


class Pacing(Protocol):
    """The schedule of a run, as far as it can be changed."""

    @property
    def speed(self) -> float | None:
        """Simulated seconds a second; None for as fast as possible."""

    def turn(self, at: int, speed: float | None) -> None:
        """Let another speed hold from a simulated time on."""

    def resume(self, at: int) -> None:
        """Go on now from a simulated time at which the clock stood still."""


class Tempo:
    """Turns the speed of a schedule when its time has come, and tells the rate of events that is meant by then."""

    def __init__(self, schedule: Pacing, world: World, changes: Iterable[Change] = ()) -> None:
        self.schedule, self._world, self._span = schedule, world, world.pace.span
        self._waiting: list[SetSpeed] = []
        self._told: tuple[float | None, float] | None = None
        self.take(changes)

    def take(self, changes: Iterable[Change]) -> None:
        """Take changes that are in force, in the order in which they were decided."""
        self._waiting += [change for change in changes if isinstance(change, SetSpeed)]
        self._waiting.sort(key=lambda change: change.due(self._span))

    def before(self, at: int) -> None:
        """Turn what is due at the beginning of a tick (epoch ms)."""
        while self._waiting and self._waiting[0].due(self._span) <= at:
            change = self._waiting.pop(0)
            self.schedule.turn(change.due(self._span), change.speed)
        meant = self.schedule.speed, self._world.dials["arrivals"]
        if meant != self._told:
            self._told = meant
            INTENDED_RATE.set(self._rate(*meant))

    def _rate(self, speed: float | None, arrivals: float) -> float:
        """Events that this shard is meant to send in a second of wall time; 0 if that is as many as possible."""
        pace = self._world.pace
        if speed is None or pace.expected is None:
            return 0.0
        return pace.expected.events_per_second(pace.arrivals * arrivals) * speed / self._world.shard[1]
