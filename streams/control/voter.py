"""A voter: what one shard answers to what it hears, and what it is bound by."""

from typing import Protocol
from uuid import uuid4

from sim.steering.change import Change, TooLateError
from streams.control.messages import (
    Accepted,
    BadMessageError,
    Joined,
    Message,
    Present,
    Proposed,
    Refused,
    RollCall,
)
from streams.control.minutes import Decision, Minutes, Motion

__all__ = ["Delegate", "Voter"]

_LONGEST_REASON = 1000


class Delegate(Protocol):
    """Who knows the shard's world."""

    def judge(self, change: Change) -> None:
        """:class:`~sim.steering.change.TooLateError` or ValueError if the shard cannot make a change."""

    def present(self, call: str) -> Present:
        """The answer to a roll call."""


class Voter:
    """Takes messages in the order of the log and gives the shard's answers to them.

    What the shard has accepted is ``held`` until it is decided, whichever process of the shard accepted it: its time
    must not be passed before.
    """

    def __init__(self, shard: tuple[int, int]) -> None:
        self.shard, self.of = shard
        self.by = uuid4().hex
        self.minutes = Minutes()
        self.held: dict[str, Change] = {}
        self.joined = False
        self.delegate: Delegate | None = None

    @property
    def decided(self) -> list[Decision]:
        """What binds the shard, in order."""
        return self.minutes.known_to(self.shard)

    def take(self, offset: int, message: Message) -> list[Message]:
        """Take note of a message; returns what is to be answered. Before the shard has joined, that is nothing."""
        for decision in self.minutes.take(offset, message):
            self.held.pop(decision.id, None)
        if isinstance(message, Joined) and message.by == self.by:
            self.joined = True
            return [answer for motion in list(self.minutes.open.values()) for answer in self._take_up(motion)]
        if not self.joined or self.delegate is None:
            return []
        if isinstance(message, RollCall):
            return [self.delegate.present(message.id)]
        if isinstance(message, Proposed) and message.id in self.minutes.open:
            return [self._answer(self.minutes.open[message.id], self.delegate)]
        return []

    def complain(self, error: BadMessageError) -> list[Message]:
        """The answer to what is no message, if it has a name of its own."""
        if not self.joined or error.id is None or error.id in self.minutes.open:
            return []
        return [self._refused(error.id, str(error))]

    def _take_up(self, motion: Motion) -> list[Message]:
        if self.shard in motion.accepted:
            self.held[motion.id] = motion.change
            return []
        return [self._answer(motion, self.delegate)] if self.delegate else []

    def _answer(self, motion: Motion, delegate: Delegate) -> Message:
        # A motion is proposed once; should the log have it twice, the answer is the same.
        if motion.id in self.held:
            return Accepted(id=motion.id, shard=self.shard, of=self.of, by=self.by)
        try:
            delegate.judge(motion.change)
        except ValueError as error:
            earliest = error.earliest if isinstance(error, TooLateError) else None
            return self._refused(motion.id, str(error), earliest)
        self.held[motion.id] = motion.change
        return Accepted(id=motion.id, shard=self.shard, of=self.of, by=self.by)

    def _refused(self, motion: str, reason: str, earliest: int | None = None) -> Message:
        told = reason[:_LONGEST_REASON]
        return Refused(id=motion, shard=self.shard, of=self.of, by=self.by, reason=told, earliest=earliest)
