"""Verdicts: what became of the records that were published."""

from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["Counts", "Loss", "Verdict"]

_SHOWN = 4


@dataclass(frozen=True)
class Counts:
    """Records of one topic, or of all, by what became of them.

    ``published`` is what the shards say, ``audited`` the distinct records read back. ``pending`` have not
    been read yet and may still come; ``lost`` will not. ``duplicated`` are repeats. ``reordered`` came after
    a later one of their source, ``late`` also by more than the tolerance. ``corrupted`` are not readable, or
    nobody published them.
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

    def __add__(self, other: "Counts") -> "Counts":
        names = [column.name for column in fields(self)]
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def clean(self) -> bool:
        """True if every record is there, once, whole and in order."""
        faults = self.lost, self.pending, self.duplicated, self.reordered, self.late, self.corrupted
        return self.published == self.audited and not any(faults)

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
class Verdict:
    """The delivery verdict: counts by topic, what is missing, and why it is not proven if it is not."""

    topics: dict[str, Counts]
    losses: tuple[Loss, ...] = ()
    doubts: tuple[str, ...] = ()
    examples: dict[str, list[str]] = field(default_factory=dict)
    """By fault, the places (topic/partition@offset) of its first records."""

    @property
    def total(self) -> Counts:
        """The counts of all topics together."""
        return sum(self.topics.values(), Counts())

    @property
    def proven(self) -> bool:
        """True if counts, numbers and digests all say that everything arrived, once and in order."""
        return self.total.clean and not self.doubts

    @property
    def reasons(self) -> list[str]:
        """Why it is not proven; empty if it is."""
        total = self.total
        faults = ("lost", "pending", "duplicated", "reordered", "late", "corrupted")
        counted = [f"{getattr(total, name):,} {name}" for name in faults if getattr(total, name)]
        more = [f"and {len(self.doubts) - _SHOWN} more"] if len(self.doubts) > _SHOWN else []
        return [*counted, *self.doubts[:_SHOWN], *more]

    def as_json(self) -> dict[str, Any]:
        """Total and counts by topic, what is missing, and the doubts."""
        return {
            **self.total.as_json(),
            "proven": self.proven,
            "topics": {topic: counts.as_json() for topic, counts in self.topics.items()},
            "missing": [
                {"topic": loss.topic, "source": loss.source, "ranges": [list(r) for r in loss.ranges]}
                for loss in self.losses
            ],
            "doubts": list(self.doubts),
            "examples": self.examples,
        }
