"""The controls of a run: its world changes when all shards have agreed, and its clock as they say."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Event

from sim.batch import Tick
from sim.recommenders.live import LivePolicy
from sim.steering.change import Change, TooLateError
from sim.steering.pause import Pause
from sim.steering.resume import Resume
from sim.steering.speed import SetSpeed
from sim.world import World
from streams.control.messages import Present
from streams.control.pauses import pauses
from streams.control.post import Post
from streams.control.prospect import check
from streams.control.seat import Seat
from streams.control.tempo import Pacing, Tempo
from streams.control.voter import Voter
from streams.settings import ClusterSettings

__all__ = ["Controls"]

_WAIT_S = 0.1
_SAMPLES = 50


class Controls:
    """A shard's world under steering.

    A shard that has accepted a change does not begin the change's tick before the change is decided (see
    :class:`~streams.control.minutes.Minutes`), so nothing has to be read between ticks. If that takes longer than
    ``hold_s`` of wall time, the shard withdraws it: whichever stands first in the log, that or the last acceptance,
    holds for all.

    First :meth:`known`, then a world that was given these changes, then :meth:`attach`, then :meth:`steered`.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        run: str,
        shard: tuple[int, int],
        *,
        resumed: bool = False,
        sent_until: int = 0,
        replayed: Sequence[Change] = (),
        patience_s: float = 30.0,
        hold_s: float = 10.0,
    ) -> None:
        """``resumed`` if the shard goes on where an earlier process left off: it is bound by what that one knew.

        Ticks before ``sent_until`` were sent by that process, be it in part: no change can reach them any more, though
        the world acts them out again.

        ``replayed`` are the changes of another run, to be acted out again. Its pauses only leave their record on the
        truth, as they do where nobody can steer (:class:`~streams.control.rehearsal.Rehearsal`).
        """
        self._resumed, self._replayed = resumed, list(replayed)
        self._patience_s, self._hold_s = patience_s, hold_s
        self._voter = Voter(shard)
        self._seat = Seat(Post(settings, run, patience_s=patience_s), self._voter)
        self._withdrawn: set[str] = set()
        self._next, self._sent_until = 0, sent_until

    def known(self) -> list[Change]:
        """The changes that the world is to be given when it is made."""
        self._seat.read_back()
        self._given = [decision.change for decision in self._voter.decided] if self._resumed else []
        if self._resumed and not self._replayed:
            self._replayed = list(self._voter.minutes.replayed_by(self._voter.shard))
        return [*self._replayed, *self._given]

    def attach(
        self,
        world: World,
        schedule: Pacing,
        stop: Event,
        *,
        fits: Callable[[Change], None] = lambda change: None,
    ) -> None:
        """Join the fleet with a world that was given what is known; what does not fit is refused."""
        self._world, self._schedule, self._stop, self._fits = world, schedule, stop, fits
        self._span, self._next = world.pace.span, world.stage.tick
        self._tempo = Tempo(schedule, world, [*self._replayed, *self._given])
        self._paced_at_first = schedule.speed is not None
        self._begun: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)
        self._steered = len(self._given)
        self._seat.join(
            self,
            resumed=self._resumed,
            at=self._next * self._span,
            span=self._span,
            replayed=self._replayed,
            patience_s=self._patience_s,
        )

    def steered(self, *, idle: Callable[[], None] = lambda: None) -> Iterator[Tick]:
        """The ticks of the world, each after what was decided for it; ends when the run is stopped.

        ``idle`` is called now and then while simulated time stands still.
        """
        ticks = self._world.ticks()
        while self.before(self._world.stage.tick, idle=idle):
            yield next(ticks)

    def before(self, tick: int, *, idle: Callable[[], None] = lambda: None) -> bool:
        """Carry out what was decided before a tick begins, and wait for what is not; False if the run is stopped."""
        at, since, stood = tick * self._span, time.monotonic(), False
        if self._stop.is_set():
            return False
        with self._seat.changed:
            self._seat.raise_if_failed()
            while (paused := self._paused(at)) or self._held(at, since):
                stood = stood or paused
                self._seat.changed.wait(_WAIT_S)
                self._seat.raise_if_failed()
                if self._stop.is_set():
                    return False
                idle()
            self._steer()
            self._next = tick + 1
            self._begun.append((time.monotonic(), tick))
        self._tempo.before(at)
        if stood:
            self._schedule.resume(at)
        return True

    def close(self) -> None:
        """Leave the fleet."""
        self._seat.leave(self._next * self._span if self._next else 0)

    def judge(self, change: Change) -> None:
        """Whether the shard can make a change; see :class:`~streams.control.voter.Delegate`."""
        earliest = self._earliest
        if change.due(self._span) < earliest:
            raise TooLateError(change.at, earliest)
        self._fits(change)
        decided = [decision.change for decision in self._voter.decided]
        check(change, self._world.helm, decided=decided[self._steered :], open_=self._voter.held.values())
        self._judge_clock(change, pauses(decided, self._span))

    def _judge_clock(self, change: Change, paused: set[int]) -> None:
        if isinstance(change, Resume) and change.due(self._span) not in paused:
            raise ValueError("time does not stand still then; a resumption has the time of its pause")
        if isinstance(change, Pause) and change.due(self._span) in paused:
            raise ValueError("time stands still then already")
        live = isinstance(self._world.policy, LivePolicy)
        if live and isinstance(change, SetSpeed) and (change.speed is not None) != self._paced_at_first:
            raise ValueError("before a live recommender a run is paced from its beginning, or never")

    def present(self, call: str) -> Present:
        """How far the shard is; see :class:`~streams.control.voter.Delegate`."""
        return Present(
            id=call,
            shard=self._voter.shard,
            of=self._voter.of,
            by=self._voter.by,
            earliest=self._earliest,
            span=self._span,
            speed=self._schedule.speed,
            progress_ms_per_s=self._progress(),
        )

    @property
    def _earliest(self) -> int:
        return max(self._next, self._sent_until) * self._span

    def _progress(self) -> float:
        if self._schedule.speed is not None:
            return 1000 * self._schedule.speed
        if len(self._begun) < 2:
            return 0.0
        (first, tick), (last, newest) = self._begun[0], self._begun[-1]
        return (newest - tick) * self._span / max(last - first, 1e-3)

    def _paused(self, at: int) -> bool:
        return at in pauses((decision.change for decision in self._voter.decided), self._span)

    def _held(self, at: int, since: float) -> bool:
        undecided = [id_ for id_, change in self._voter.held.items() if change.due(self._span) <= at]
        if undecided and time.monotonic() - since > self._hold_s:
            for id_ in set(undecided) - self._withdrawn:
                self._withdrawn.add(id_)
                self._seat.withdraw(id_, f"shard {self._voter.shard}/{self._voter.of} waits for it in vain")
        return bool(undecided)

    def _steer(self) -> None:
        for decision in self._voter.decided[self._steered :]:
            self._world.steer(decision.change)
            self._tempo.take([decision.change])
            self._steered += 1
