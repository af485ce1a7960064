"""The minutes: what the topic ``control`` says was decided, the same for everybody who reads it in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.steering.change import Change
from streams.control.messages import Accepted, Joined, Left, Message, Proposed, Refused, Withdrawn

__all__ = ["Decision", "Member", "Minutes", "Motion"]

_MOST_OPEN = 100


@dataclass
class Member:
    """A shard of the fleet: the process that speaks for it, and where in the log its life began."""

    by: str
    since: int
    span: int
    replayed: tuple[Change, ...]
    left: bool = False


@dataclass
class Motion:
    """A change that is proposed and not yet decided, and who accepted it so far."""

    id: str
    of: int
    change: Change
    accepted: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Decision:
    """How a motion ended, and where in the log."""

    offset: int
    id: str
    change: Change
    in_force: bool
    reason: str = ""
    earliest: int | None = None


class Minutes:
    """Takes messages in the order of the log; decides each motion at one and the same message for every reader.

    A motion is in force with the acceptance of the last of its shards, and lost with the first refusal or withdrawal,
    whichever stands first in the log: so all shards change, or none does, however slow or dead one of them is.
    """

    def __init__(self) -> None:
        self.of = 0
        self.members: dict[int, Member] = {}
        self.open: dict[str, Motion] = {}
        self.in_force: list[Decision] = []

    def take(self, offset: int, message: Message) -> list[Decision]:
        """Take note of a message; returns what it decides."""
        match message:
            case Joined():
                self._join(offset, message)
            case Left():
                return self._leave(offset, message)
            case Proposed():
                return self._propose(offset, message)
            case Accepted():
                return self._accept(offset, message)
            case Refused():
                if self._speaks(message):
                    return self._lose(
                        offset, message.id, f"shard {message.who}: {message.reason}", message.earliest
                    )
            case Withdrawn():
                return self._lose(offset, message.id, message.reason)
        return []

    def known_to(self, shard: int) -> list[Decision]:
        """The decisions by which a shard is bound: those of its present life, in order."""
        since = self.members[shard].since if shard in self.members else 0
        return [decision for decision in self.in_force if decision.offset >= since]

    def replayed_by(self, shard: int) -> Sequence[Change]:
        """The changes that a shard acts out because an earlier run had them."""
        return self.members[shard].replayed if shard in self.members else ()

    def changes(self) -> list[Change]:
        """All changes that the present fleet makes, in order: what a run must be given to be the same."""
        return [*self.replayed_by(self._eldest), *self.steered()] if self.members else []

    def steered(self) -> list[Change]:
        """The changes that the present fleet itself has decided, in order: without those that it acts out again."""
        return [decision.change for decision in self.known_to(self._eldest)] if self.members else []

    @property
    def _eldest(self) -> int:
        return min(self.members, key=lambda shard: self.members[shard].since)

    def _speaks(self, message: Accepted | Refused | Left) -> bool:
        member = self.members.get(message.shard)
        return member is not None and message.of == self.of and member.by == message.by

    def _join(self, offset: int, message: Joined) -> None:
        if message.of != self.of:
            self.of, self.members = message.of, {}
        before = self.members.get(message.shard)
        since, replayed = offset, message.replayed
        if message.resumed and before is not None:
            since, replayed = before.since, message.replayed or before.replayed
        else:
            for motion in self.open.values():
                motion.accepted.discard(message.shard)
        self.members[message.shard] = Member(message.by, since, message.span, replayed)

    def _leave(self, offset: int, message: Left) -> list[Decision]:
        if not self._speaks(message):
            return []
        self.members[message.shard].left = True
        unanswered = [motion.id for motion in self.open.values() if message.shard not in motion.accepted]
        return [
            lost for id_ in unanswered for lost in self._lose(offset, id_, f"shard {message.who} has ended")
        ]

    def _propose(self, offset: int, message: Proposed) -> list[Decision]:
        if message.id in self.open or any(decision.id == message.id for decision in self.in_force):
            return []
        crowded = len(self.open) >= _MOST_OPEN
        self.open[message.id] = Motion(message.id, message.of, message.change)
        if crowded:
            return self._lose(offset, message.id, f"{_MOST_OPEN} changes are undecided already")
        if message.of != self.of:
            return self._lose(offset, message.id, f"the run has {self.of} shards, not {message.of}")
        ended = [shard for shard, member in sorted(self.members.items()) if member.left]
        return self._lose(offset, message.id, f"shard {ended[0]}/{self.of} has ended") if ended else []

    def _accept(self, offset: int, message: Accepted) -> list[Decision]:
        motion = self.open.get(message.id)
        if motion is None or motion.of != message.of or not self._speaks(message):
            return []
        motion.accepted.add(message.shard)
        if len(motion.accepted) < motion.of:
            return []
        del self.open[message.id]
        decision = Decision(offset, message.id, motion.change, in_force=True)
        self.in_force.append(decision)
        return [decision]

    def _lose(self, offset: int, id_: str, reason: str, earliest: int | None = None) -> list[Decision]:
        motion = self.open.pop(id_, None)
        if motion is None:
            return []
        return [Decision(offset, id_, motion.change, in_force=False, reason=reason, earliest=earliest)]
