"""A shard's seat among those who decide: it hears the topic ``control`` and answers, on a thread of its own."""

import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from threading import Condition, Event, Thread
from typing import Protocol
from uuid import uuid4

from kafka.errors import KafkaError

from sim.steering.change import Change, TooLateError
from streams.control.messages import (
    Accepted,
    BadMessageError,
    Joined,
    Left,
    Message,
    Present,
    Proposed,
    Refused,
    RollCall,
    Withdrawn,
    read_message,
)
from streams.control.minutes import Decision, Minutes, Motion
from streams.control.post import Letter, Post
from streams.exits import BrokerUnavailableError
from streams.metrics import CONTROL_BAD_MESSAGES, CONTROL_MESSAGES

__all__ = ["Delegate", "Seat"]

_LOOK_S = 0.25
_LONGEST_REASON = 1000

log = logging.getLogger(__name__)


class Delegate(Protocol):
    """Who speaks for the shard; asked on the seat's thread, while nothing is decided."""

    def judge(self, change: Change) -> None:
        """:class:`~sim.steering.change.TooLateError` or ValueError if the shard cannot make a change."""

    def present(self, call: str) -> Present:
        """The answer to a roll call."""


class Seat:
    """Takes part in decisions for one shard; ``changed`` is notified of each, and guards all that is here.

    What the shard has accepted is in ``held`` until it is decided, whichever process of the shard accepted it.
    """

    def __init__(self, post: Post, shard: tuple[int, int]) -> None:
        self.by = uuid4().hex
        self.shard, self.of = shard
        self.changed = Condition()
        self.minutes = Minutes()
        self.held: dict[str, Change] = {}
        self._post, self._joined, self._leaving = post, False, Event()
        self._outbox: deque[Message] = deque()
        self._failed: BaseException | None = None
        self._complained = False
        self._thread = Thread(target=self._work, name="control", daemon=True)

    @property
    def decided(self) -> list[Decision]:
        """What binds the shard, in order."""
        return self.minutes.known_to(self.shard)

    def read_back(self) -> None:
        """Take note of all that is on the topic so far."""
        for letter in self._post.read_to_the_end():
            self._take(letter)

    def join(
        self,
        delegate: Delegate,
        *,
        resumed: bool,
        at: int,
        span: int,
        replayed: Sequence[Change],
        patience_s: float,
    ) -> None:
        """Take part from now on; returns when everything before that is known."""
        self._delegate = delegate
        self._outbox.append(
            Joined(
                shard=self.shard,
                of=self.of,
                by=self.by,
                resumed=resumed,
                at=at,
                span=span,
                replayed=tuple(replayed),
            )
        )
        self._thread.start()
        with self.changed:
            self.changed.wait_for(lambda: self._joined or self._failed is not None, patience_s)
            self.raise_if_failed()
            if not self._joined:
                raise BrokerUnavailableError(
                    f"the topic {self._post.topic} does not show what was written to it"
                )

    def withdraw(self, motion: str, reason: str) -> None:
        """Call for the end of a motion; what the log says first holds."""
        self._outbox.append(Withdrawn(id=motion, reason=reason))

    def leave(self, at: int) -> None:
        """Tell that the shard has ended, and take no part any more."""
        if self._thread.is_alive():
            self._outbox.append(Left(shard=self.shard, of=self.of, by=self.by, at=at))
            self._leaving.set()
            self._thread.join()
        self._post.close()

    def raise_if_failed(self) -> None:
        """The error that ended the thread, if one did."""
        if self._failed is not None:
            raise self._failed

    def _work(self) -> None:
        try:
            while not self._leaving.is_set():
                self._send()
                for letter in self._post.read(_LOOK_S):
                    self._take(letter)
            self._send()
        except BaseException as error:
            with self.changed:
                self._failed = error
                self.changed.notify_all()

    def _send(self) -> None:
        # A broker that is away for a while makes answers late, not wrong: they are written when it is back.
        with suppress(KafkaError):
            while self._outbox:
                self._post.write(self._outbox[0], key=f"{self.shard}/{self.of}")
                self._outbox.popleft()

    def _take(self, letter: Letter) -> None:
        try:
            message = read_message(letter.value)
        except BadMessageError as error:
            self._complain(letter, error)
            return
        CONTROL_MESSAGES.labels(message.kind).inc()
        with self.changed:
            for decision in self.minutes.take(letter.offset, message):
                self.held.pop(decision.id, None)
            self._act_on(message)
            self.changed.notify_all()

    def _act_on(self, message: Message) -> None:
        if isinstance(message, Joined) and message.by == self.by:
            self._joined = True
            for motion in list(self.minutes.open.values()):
                self._take_up(motion)
        elif self._joined and isinstance(message, RollCall):
            self._outbox.append(self._delegate.present(message.id))
        elif self._joined and isinstance(message, Proposed) and message.id in self.minutes.open:
            self._answer(self.minutes.open[message.id])

    def _take_up(self, motion: Motion) -> None:
        if self.shard in motion.accepted:
            self.held[motion.id] = motion.change
        else:
            self._answer(motion)

    def _answer(self, motion: Motion) -> None:
        try:
            self._delegate.judge(motion.change)
        except ValueError as error:
            earliest = error.earliest if isinstance(error, TooLateError) else None
            self._refuse(motion.id, str(error), earliest)
            return
        self.held[motion.id] = motion.change
        self._outbox.append(Accepted(id=motion.id, shard=self.shard, of=self.of, by=self.by))

    def _refuse(self, motion: str, reason: str, earliest: int | None = None) -> None:
        self._outbox.append(
            Refused(
                id=motion,
                shard=self.shard,
                of=self.of,
                by=self.by,
                reason=reason[:_LONGEST_REASON],
                earliest=earliest,
            )
        )

    def _complain(self, letter: Letter, error: BadMessageError) -> None:
        CONTROL_BAD_MESSAGES.inc()
        if not self._complained:
            self._complained = True
            log.warning(
                "%s at offset %d is no message (%s); this is said once, others are counted",
                self._post.topic,
                letter.offset,
                error,
            )
        if self._joined and error.id is not None and error.id not in self.minutes.open:
            self._refuse(error.id, str(error))
