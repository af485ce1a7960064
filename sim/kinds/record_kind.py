"""A kind of record: its topic, its fields, their types and units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["ENVELOPE", "Field", "FieldType", "Holds", "RecordKind"]

Holds = Literal["any", "boolean", "number", "instant", "strings"]
FieldType = Literal["user", "item", "session", "slate", "instant", "count", "share", "label", "text", "json"]


@dataclass(frozen=True)
class Field:
    """One field of a record.

    Types: ``user``, ``item``, ``session`` and ``slate`` are identifiers kept as numbers until they are encoded;
    ``instant`` is epoch milliseconds; ``count`` a whole number of at most ``digits`` digits; ``share`` a number from 0
    to 1 with six decimals; ``label`` a word of a small vocabulary, kept as its index; ``text`` free text; ``json``
    any JSON value.
    """

    name: str
    type: FieldType
    about: str
    digits: int = 4
    vocabulary: str = ""
    holds: Holds = "any"
    """What a ``json`` value is, where it is always of one sort."""


@dataclass(frozen=True, eq=False)
class RecordKind:
    """One kind of record on a topic, with the fields that follow the envelope.

    There is one object of each kind, so that kinds are compared and looked up by identity. A ``tombstone`` has no value
    on a compacted topic: it ends what the topic says of its key. A kind whose fields have changed in the middle of a
    run is a new object that names the ``previous`` one.
    """

    topic: str
    name: str
    about: str
    fields: tuple[Field, ...]
    tombstone: bool = False
    previous: "RecordKind | None" = None

    def __reduce__(self) -> tuple[Callable[..., "RecordKind"], tuple[object, ...]]:
        if self.previous:
            return RecordKind, (
                self.topic,
                self.name,
                self.about,
                self.fields,
                self.tombstone,
                self.previous,
            )
        from sim.events import kind_named  # the list of all kinds is made of this class

        return kind_named, (self.topic, self.name)

    @property
    def version(self) -> int:
        """The version of its fields, from 1: what records tell as ``schema_version``."""
        return 1 + (self.previous.version if self.previous else 0)

    @property
    def original(self) -> "RecordKind":
        """The kind as it was at first."""
        return self.previous.original if self.previous else self

    @property
    def columnar(self) -> bool:
        """True if no field is free text or JSON, so that records of this kind are all of one width."""
        return all(field.type not in ("text", "json") for field in self.fields)


ENVELOPE = (
    ("event_id", "Unique; names the source and its running number (see streams.delivery)."),
    ("kind", "Kind of record."),
    ("occurred_at", "Simulated time, epoch milliseconds."),
    ("schema_version", "Version of the record's fields."),
    ("synthetic", "Always true: nothing in this record happened."),
)
