"""Verdicts: what became of the records that were published."""

from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["FAULTS", "Counts", "Loss", "Part", "Planted", "Verdict"]

FAULTS = ("lost", "pending", "duplicated", "reordered", "late", "corrupted")
_SHOWN = 4


@dataclass(frozen=True)
class Counts:
    """Records of one topic, or of all, by what became of them.

    ``published`` is what the shards say, ``audited`` the distinct records read back. ``pending`` have not
    been read yet and may still come; ``lost`` will not. ``duplicated`` are repeats. ``reordered`` came after
    a later one of their source, ``late`` also by more than the tolerance. ``corrupted`` are not readable, or not
    what their schema says, or nobody published them. ``superseded`` were removed from a compacted topic, because
    a later record has their key.
    """

    published: int = 0
    audited: int = 0
    lost: int = 0
    pending: int = 0
    duplicated: int = 0
    reordered: int = 0
    late: int = 0
    corrupted: int = 0
    tombstones: int = 0
    superseded: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        names = [column.name for column in fields(self)]
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def clean(self) -> bool:
        """True if every record is there, once, whole and in order."""
        return self.published == self.audited and not any(getattr(self, name) for name in FAULTS)

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


@dataclass(frozen=True)
class Loss:
    """Numbers that one source published and nobody could read back, as ranges (first, last)."""

    topic: str
    source: int
    ranges: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        shown = ", ".join(
            str(first) if first == last else f"{first}-{last}" for first, last in self.ranges[:5]
        )
        return (
            f"{self.topic}: source {self.source} misses {shown}{' and more' if len(self.ranges) > 5 else ''}"
        )


@dataclass(frozen=True)
class Planted:
    """Records that one kind of mess hit, as the truth tells, and what the audit saw of them.

    ``found`` left the trace that they should. ``traceless`` were read without one: a late record that nothing overtook.
    ``held`` had still to leave when their shards ended.
    """

    planted: int = 0
    found: int = 0
    traceless: int = 0
    held: int = 0

    def __add__(self, other: "Planted") -> "Planted":
        return Planted(*(getattr(self, name) + getattr(other, name) for name in _PLANTED))

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in _PLANTED}


_PLANTED = tuple(column.name for column in fields(Planted))


@dataclass(frozen=True)
class Part:
    """What became of the records of one shard on one partition of a topic."""

    shard: str
    topic: str
    partition: int
    published: int
    audited: int
    missing: int
    duplicated: int
    reordered: int
    late: int
    intact: bool
    """True if the digest of what was read is that of what was published."""

    def as_json(self) -> dict[str, Any]:
        """The part by name."""
        return {column.name: getattr(self, column.name) for column in fields(self)}


@dataclass(frozen=True)
class Verdict:
    """The delivery verdict: counts by topic, what is missing, and why it is not proven if it is not.

    ``beyond`` is what of the counts nothing planted explains, by topic; ``planted`` what was planted, by kind of mess.
    Without mess, all is beyond it.
    """

    topics: dict[str, Counts]
    losses: tuple[Loss, ...] = ()
    doubts: tuple[str, ...] = ()
    examples: dict[str, list[str]] = field(default_factory=dict)
    """By fault, the places (topic/partition@offset) of its first records."""
    beyond: dict[str, Counts] = field(default_factory=dict)
    planted: dict[str, Planted] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    """What was taken into account, and is no doubt."""

    @property
    def total(self) -> Counts:
        """The counts of all topics together."""
        return sum(self.topics.values(), Counts())

    @property
    def unexplained(self) -> Counts:
        """What nothing planted explains, on all topics together."""
        return sum(self.beyond.values(), Counts())

    @property
    def proven(self) -> bool:
        """True if counts, numbers and digests say that all arrived, once and in order, but for what was planted."""
        return not (self._faults or self.doubts)

    @property
    def _faults(self) -> dict[str, int]:
        counts = self.unexplained.as_json()
        return {name: counts[name] for name in FAULTS if counts[name]}

    @property
    def reasons(self) -> list[str]:
        """Why it is not proven; empty if it is."""
        counted = [f"{count:,} {name}" for name, count in self._faults.items()]
        more = [f"and {len(self.doubts) - _SHOWN} more"] if len(self.doubts) > _SHOWN else []
        return [*counted, *self.doubts[:_SHOWN], *more]

    def as_json(self) -> dict[str, Any]:
        """Total and counts by topic, what is missing, and the doubts."""
        return {
            **self.total.as_json(),
            "proven": self.proven,
            "topics": {topic: counts.as_json() for topic, counts in self.topics.items()},
            "planted": {mess: planted.as_json() for mess, planted in sorted(self.planted.items())},
            "beyond": {name: self.unexplained.as_json()[name] for name in FAULTS},
            "parts": [part.as_json() for part in self.parts],
            "missing": [
                {"topic": loss.topic, "source": loss.source, "ranges": [list(r) for r in loss.ranges]}
                for loss in self.losses
            ],
            "doubts": list(self.doubts),
            "notes": list(self.notes),
            "examples": self.examples,
        }
