"""Tempo: what changes mean for the clock on the wall, when their tick begins."""

from collections.abc import Iterable
from typing import Protocol

from sim.steering.change import Change
from sim.steering.speed import SetSpeed

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
    """Turns the speed of a schedule when its time has come."""

    def __init__(self, schedule: Pacing, span: int, changes: Iterable[Change] = ()) -> None:
        self.schedule, self._span = schedule, span
        self._waiting: list[SetSpeed] = []
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
