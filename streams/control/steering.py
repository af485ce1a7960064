"""Steering: how a run is told, before each tick, what is to be changed."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Protocol

from sim.batch import Tick
from sim.steering.change import Change
from sim.world import World
from streams.control.tempo import Pacing

__all__ = ["Steering"]


class Steering(Protocol):
    """First :meth:`known`, then a world that was given these changes, then :meth:`attach`, then :meth:`steered`."""

    def known(self) -> list[Change]:
        """The changes that the world is to be given when it is made."""

    def attach(
        self,
        world: World,
        schedule: Pacing,
        stop: Event,
        *,
        fits: Callable[[Change], None] = lambda change: None,
    ) -> None:
        """Take the world that was given what is known.

        ``fits`` raises ValueError if the records could not be written any more after a change.
        """

    def steered(self, *, idle: Callable[[], None] = lambda: None) -> Iterator[Tick]:
        """The ticks of the world, each after what was decided for it; ends when the run is stopped.

        ``idle`` is called now and then while simulated time stands still.
        """

    def close(self) -> None:
        """Steer no more."""
