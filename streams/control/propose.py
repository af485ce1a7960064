"""Proposing a change to a running fleet, and waiting for what its shards make of it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from kafka.errors import KafkaError
from pydantic import ValidationError

from sim.names import UnknownNameError
from sim.steering.change import CHANGES, Change, written_moment
from sim.steering.resume import Resume
from streams.control.messages import (
    Accepted,
    BadMessageError,
    Message,
    Present,
    Proposed,
    Refused,
    RollCall,
    Withdrawn,
    read_message,
)
from streams.control.minutes import Decision, Minutes
from streams.control.pauses import pauses
from streams.control.post import Post
from streams.exits import BrokerUnavailableError, GreenroomError, UsageError
from streams.settings import ClusterSettings

__all__ = ["NobodyThereError", "Outcome", "propose", "roll_call"]

_TRIES = 4
_MARGIN_TICKS = 1
_MARGIN_S = 1.0


class NobodyThereError(GreenroomError):
    """No fleet, or not all of it, answers."""

    exit_code = 1


@dataclass(frozen=True)
class Outcome:
    """What became of a proposal: in force in all shards from ``at`` (epoch ms, simulated) on, or in none.

    ``answers`` says "accepted" or why not, by shard ("0/2"); ``reason`` why the change is not in force.
    """

    id: str
    change: Change
    in_force: bool
    at: int
    reason: str = ""
    earliest: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The outcome as a JSON object."""
        return {
            "id": self.id,
            "change": self.change.model_dump(mode="json"),
            "in_force": self.in_force,
            "at": written_moment(self.at),
            "reason": self.reason,
            "earliest": None if self.earliest is None else written_moment(self.earliest),
            "answers": dict(self.answers),
        }


def propose(
    settings: ClusterSettings,
    run: str,
    change: Change | Mapping[str, Any],
    *,
    after: int | None = None,
    patience_s: float = 15.0,
) -> Outcome:
    """Propose a change to all shards of a run and wait until it is in force or lost; it never is in some only.

    ``change`` is a change, or its parameters such as ``{"kind": "dial", "dial": "arrivals", "factor": 2}``. Without
    ``at`` in them it takes effect ``after`` so many simulated milliseconds from where the foremost shard is, or as soon
    as all shards can. ``patience_s`` is how long the shards have to answer, in wall time; whoever does not makes the
    change lost.

    Raises :class:`~streams.exits.UsageError` if it is no change, :class:`NobodyThereError` if the run has no shard that
    answers, :class:`~streams.exits.BrokerUnavailableError` if the cluster does not.
    """
    given = change.model_dump(mode="json") if isinstance(change, Change) else dict(change)
    parsed = _parsed(given if "at" in given else given | {"at": 0})
    with _chair(settings, run, patience_s) as chair:
        return chair.put(parsed) if "at" in given else chair.put_soon(parsed, after)


def roll_call(settings: ClusterSettings, run: str, *, patience_s: float = 15.0) -> list[Present]:
    """How far each shard of a run is, in order of shards; raises as :func:`propose` does."""
    with _chair(settings, run, patience_s) as chair:
        return chair.call_roll()


@contextmanager
def _chair(settings: ClusterSettings, run: str, patience_s: float) -> Iterator["_Chair"]:
    with Post(settings, run, patience_s=patience_s) as post:
        if not post.exists:
            raise NobodyThereError(
                f"run {run!r} has no topic {post.topic}: it is not running, or not on Kafka"
            )
        try:
            yield _Chair(post, run, patience_s)
        except KafkaError as error:
            raise BrokerUnavailableError(f"the run {run!r} cannot be steered: {error}") from error


def _parsed(given: Mapping[str, Any]) -> Change:
    try:
        return CHANGES.parse(given)
    except (ValidationError, UnknownNameError, ValueError) as error:
        raise UsageError(_told(error)) from error


def _told(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place or 'change'}: {str(first['msg']).removeprefix('Value error, ')}"


class _Chair:
    """Puts motions, and follows the log until they are decided."""

    def __init__(self, post: Post, run: str, patience_s: float) -> None:
        self._post, self._run, self._patience_s = post, run, patience_s
        self._minutes = Minutes()
        self._call, self._present = "", dict[int, Present]()
        self._motion, self._answers = "", dict[str, str]()
        for letter in post.read_to_the_end():
            self._note(letter.offset, letter.value)

    def put_soon(self, change: Change, after: int | None) -> Outcome:
        """Propose a change for a time that all shards can hold; later, if it turns out that they cannot."""
        margin_s = _MARGIN_S
        for _ in range(_TRIES):
            at = self._soon(change, after, margin_s)
            outcome = self.put(change.model_copy(update={"at": at}))
            if outcome.in_force or outcome.earliest is None:
                break
            margin_s *= 3
        return outcome

    def put(self, change: Change) -> Outcome:
        """Propose a change for its own time."""
        of = self._fleet()
        self._motion, self._answers = uuid4().hex, {}
        self._post.write(Proposed(id=self._motion, of=of, change=change), key=self._motion)
        decision = self._decided() or self._withdrawn(of)
        return Outcome(
            self._motion,
            change,
            decision.in_force,
            change.due(self._span()),
            decision.reason,
            decision.earliest,
            self._answers,
        )

    def _withdrawn(self, of: int) -> Decision:
        silent = ", ".join(f"{i}/{of}" for i in range(of) if f"{i}/{of}" not in self._answers)
        reason = f"no answer within {self._patience_s:g} s of shard {silent}"
        self._post.write(Withdrawn(id=self._motion, reason=reason), key=self._motion)
        # Whichever stands first in the log holds: this, or the last acceptance.
        if decision := self._decided():
            return decision
        raise BrokerUnavailableError(f"the topic {self._post.topic} does not show what was written to it")

    def _fleet(self) -> int:
        if not self._minutes.of:
            raise NobodyThereError(f"no shard of run {self._run!r} has ever listened on {self._post.topic}")
        return self._minutes.of

    def _span(self) -> int:
        return max(member.span for member in self._minutes.members.values())

    def _soon(self, change: Change, after: int | None, margin_s: float) -> int:
        if isinstance(change, Resume):
            return self._paused_at()
        present = self.call_roll()
        foremost = max(present, key=lambda shard: shard.earliest)
        pace = max(shard.progress_ms_per_s for shard in present)
        margin = round(margin_s * pace) + _MARGIN_TICKS * foremost.span
        return foremost.earliest + max(margin, after or 0)

    def call_roll(self) -> list[Present]:
        """How far each shard is, in order."""
        of, self._present = self._fleet(), {}
        self._call = uuid4().hex
        self._post.write(RollCall(id=self._call), key=self._call)
        deadline = time.monotonic() + self._patience_s
        while len(self._present) < of:
            self._follow()
            ended = [shard for shard, member in self._minutes.members.items() if member.left]
            if ended:
                raise NobodyThereError(f"shard {min(ended)}/{of} of run {self._run!r} has ended")
            if time.monotonic() > deadline:
                silent = ", ".join(f"{i}/{of}" for i in range(of) if i not in self._present)
                raise NobodyThereError(
                    f"no answer within {self._patience_s:g} s of shard {silent} of run {self._run!r}"
                )
        return [self._present[shard] for shard in range(of)]

    def _paused_at(self) -> int:
        # Pauses of a recording that is acted out again stop nobody.
        paused = pauses(self._minutes.steered(), self._span())
        if not paused:
            raise UsageError(f"run {self._run!r} is not paused")
        return min(paused)

    def _decided(self) -> Decision | None:
        deadline = time.monotonic() + self._patience_s
        while time.monotonic() < deadline:
            for decision in self._follow():
                if decision.id == self._motion:
                    return decision
        return None

    def _follow(self) -> list[Decision]:
        return [
            decision
            for letter in self._post.read(0.1)
            for decision in self._note(letter.offset, letter.value)
        ]

    def _note(self, offset: int, value: bytes | None) -> list[Decision]:
        try:
            message = read_message(value)
        except BadMessageError:
            return []
        self._note_answer(message)
        return self._minutes.take(offset, message)

    def _note_answer(self, message: Message) -> None:
        match message:
            case Present() if message.id == self._call:
                self._present[message.shard] = message
            case Accepted() if message.id == self._motion:
                self._answers[message.who] = "accepted"
            case Refused() if message.id == self._motion:
                self._answers[message.who] = message.reason
