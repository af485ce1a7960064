"""A rehearsal: the changes of another run, acted out again where nobody can steer."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from sim.batch import Tick
from sim.steering.change import Change
from sim.world import World
from streams.control.tempo import Pacing, Tempo

__all__ = ["Rehearsal"]


class Rehearsal:
    """Controls (:class:`~streams.control.controls.Controls`) of a run without a topic to steer it by.

    Speeds are those of the recording; pauses only leave their record on the truth: nobody would end them.
    """

    def __init__(self, replayed: Sequence[Change]) -> None:
        self._replayed = list(replayed)

    def known(self) -> list[Change]:
        """The changes that the world is to be given when it is made."""
        return list(self._replayed)

    def attach(
        self,
        world: World,
        schedule: Pacing,
        stop: Event,
        *,
        fits: Callable[[Change], None] = lambda change: None,
    ) -> None:
        """Take a world that was given what is known; nothing comes later that could not fit."""
        self._world, self._stop = world, stop
        self._tempo = Tempo(schedule, world, self._replayed)

    def steered(self, *, idle: Callable[[], None] = lambda: None) -> Iterator[Tick]:
        """The ticks of the world, each at the speed that was set for it; ends when the run is stopped."""
        ticks = self._world.ticks()
        while not self._stop.is_set():
            self._tempo.before(self._world.stage.tick * self._world.pace.span)
            yield next(ticks)

    def close(self) -> None:
        """Nothing is left behind."""
