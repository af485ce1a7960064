"""A shard's seat among those who decide: it hears the topic ``control`` and answers, on a thread of its own."""

import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from threading import Condition, Event, Thread

from kafka.errors import KafkaError

from sim.steering.change import Change
from streams.control.messages import BadMessageError, Joined, Left, Message, Withdrawn, read_message
from streams.control.post import Letter, Post
from streams.control.voter import Delegate, Voter
from streams.exits import BrokerUnavailableError
from streams.metrics import CONTROL_BAD_MESSAGES, CONTROL_MESSAGES

__all__ = ["Seat"]

_LOOK_S = 0.2

log = logging.getLogger(__name__)


class Seat:
    """Lets a :class:`~streams.control.voter.Voter` hear and answer; ``changed`` guards it, and is notified."""

    def __init__(self, post: Post, voter: Voter) -> None:
        self.voter = voter
        self.changed = Condition()
        self._post, self._leaving = post, Event()
        self._outbox: deque[Message] = deque()
        self._failed: BaseException | None = None
        self._complained = False
        self._thread = Thread(target=self._work, name="control", daemon=True)

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
        voter = self.voter
        voter.delegate = delegate
        self._outbox.append(
            Joined(
                shard=voter.shard,
                of=voter.of,
                by=voter.by,
                resumed=resumed,
                at=at,
                span=span,
                replayed=tuple(replayed),
            )
        )
        self._thread.start()
        with self.changed:
            self.changed.wait_for(lambda: voter.joined or self._failed is not None, patience_s)
            self.raise_if_failed()
            if not voter.joined:
                raise BrokerUnavailableError(
                    f"the topic {self._post.topic} does not show what was written to it"
                )

    def withdraw(self, motion: str, reason: str) -> None:
        """Call for the end of a motion; what the log says first holds."""
        self._outbox.append(Withdrawn(id=motion, reason=reason))

    def leave(self, at: int) -> None:
        """Tell that the shard has ended, and take no part any more."""
        if self._thread.is_alive():
            self._outbox.append(Left(shard=self.voter.shard, of=self.voter.of, by=self.voter.by, at=at))
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
                for letter in self._heard():
                    self._take(letter)
            self._send()
        except BaseException as error:
            with self.changed:
                self._failed = error
                self.changed.notify_all()

    def _heard(self) -> list[Letter]:
        try:
            return self._post.read(_LOOK_S)
        except KafkaError:
            # It is away for a while; nothing is decided meanwhile.
            self._leaving.wait(_LOOK_S)
            return []

    def _send(self) -> None:
        # A broker that is away for a while makes answers late, not wrong: they are written when it is back.
        with suppress(BrokerUnavailableError):
            while self._outbox:
                self._post.write(self._outbox[0], key=f"{self.voter.shard}/{self.voter.of}")
                self._outbox.popleft()

    def _take(self, letter: Letter) -> None:
        with self.changed:
            try:
                message = read_message(letter.value)
            except BadMessageError as error:
                self._note_bad(letter, error)
                self._outbox.extend(self.voter.complain(error))
                return
            CONTROL_MESSAGES.labels(message.kind).inc()
            self._outbox.extend(self.voter.take(letter.offset, message))
            self.changed.notify_all()

    def _note_bad(self, letter: Letter, error: BadMessageError) -> None:
        CONTROL_BAD_MESSAGES.inc()
        if not self._complained:
            self._complained = True
            log.warning(
                "%s at offset %d is no message (%s); this is said once, others are counted",
                self._post.topic,
                letter.offset,
                error,
            )
