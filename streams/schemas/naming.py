"""Names, units and the parts of records that schemas of every language tell alike."""

from collections.abc import Iterable, Iterator

from sim.events import ENVELOPE, Field, RecordKind

__all__ = [
    "ABOUT_ENVELOPE",
    "field_numbers",
    "full_name",
    "namespace",
    "optional",
    "record_name",
    "unit",
    "versions",
]

ABOUT_ENVELOPE = dict(ENVELOPE)
_UNITS = {"_ms": "ms", "_days": "d"}


def record_name(name: str) -> str:
    """The name of a type, as Avro and Protobuf write those.

    >>> record_name("session_start")
    'SessionStart'
    """
    return "".join(word.capitalize() for word in name.split("_"))


def namespace(topic: str) -> str:
    """The namespace of a topic's records."""
    return f"greenroom.{topic}"


def full_name(kind: RecordKind) -> str:
    """The full name of a kind's record.

    >>> from sim.events import kind_named
    >>> full_name(kind_named("journeys", "play"))
    'greenroom.journeys.Play'
    """
    return f"{namespace(kind.topic)}.{record_name(kind.name)}"


def unit(field: Field) -> str | None:
    """The unit of a number, in UCUM's code; None if it has none or is no number."""
    if field.type == "share":
        return "1"
    return next((code for ending, code in _UNITS.items() if field.name.endswith(ending)), None)


def optional(kind: RecordKind, field: Field, missing: Iterable[str] = ()) -> bool:
    """Whether a record may be without a field: JSON values, what was added later, and what a scenario takes away.

    ``missing`` are the latter, as ``topic.kind.field``.
    """
    added = all(field.name != each.name for each in kind.original.fields)
    return field.type == "json" or added or f"{kind.topic}.{kind.name}.{field.name}" in missing


def versions(kind: RecordKind) -> Iterator[RecordKind]:
    """The versions of a kind, the oldest first."""
    if kind.previous:
        yield from versions(kind.previous)
    yield kind


def field_numbers(kind: RecordKind) -> dict[str, int]:
    """The number of every field that the kind has ever had, the envelope's first: none is used twice.

    >>> from sim.events import kind_named
    >>> list(field_numbers(kind_named("journeys", "like")).items())[-2:]
    [('session_id', 7), ('item_id', 8)]
    """
    names = dict.fromkeys(name for name, _ in ENVELOPE)
    for version in versions(kind):
        names |= dict.fromkeys(field.name for field in version.fields)
    return {name: number for number, name in enumerate(names, start=1)}
