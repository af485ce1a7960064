"""Protobuf schemas of the records: the text of their .proto files (proto3).

Labels are strings: a proto3 enum wants a zero value and a prefix on every word, and cannot name ``18-24`` or ``pt-BR``.
"""

from collections.abc import Collection

from sim.events import Field, RecordKind
from streams.schemas.naming import ABOUT_ENVELOPE, field_numbers, namespace, optional, record_name, unit

__all__ = ["ENVELOPE_TYPES", "field_type", "proto_text"]

ENVELOPE_TYPES = {
    "event_id": "string",
    "kind": "string",
    "occurred_at": "int64",
    "schema_version": "uint32",
    "synthetic": "bool",
}
_HELD = {"any": "string", "boolean": "bool", "number": "double", "instant": "int64", "strings": "string"}


def field_type(field: Field) -> str:
    """The scalar type of a field; an array of strings is a repeated one."""
    if field.type == "json":
        return _HELD[field.holds]
    if field.type == "count":
        return "uint32" if 10**field.digits <= 2**32 else "uint64"
    return {"instant": "int64", "share": "double"}.get(field.type, "string")


def proto_text(kind: RecordKind, missing: Collection[str] = ()) -> str:
    """The .proto file of a kind; ``missing`` names the fields (topic.kind.field) that a scenario leaves out at times.

    >>> from sim.events import kind_named
    >>> print(proto_text(kind_named("journeys", "like")).splitlines()[-2].strip())
    string item_id = 8;
    """
    numbers = field_numbers(kind)
    lines = [f'syntax = "proto3";\n\npackage {namespace(kind.topic)};\n', f"// {kind.about}"]
    lines += [f"message {record_name(kind.name)} {{", *_reserved(kind, numbers)]
    for name, type_ in ENVELOPE_TYPES.items():
        lines += [f"  // {ABOUT_ENVELOPE[name]}", f"  {type_} {name} = {numbers[name]};"]
    for field in kind.fields:
        scalar = _label(kind, field, missing) + field_type(field)
        lines += [f"  // {_about(field)}", f"  {scalar} {field.name} = {numbers[field.name]};"]
    return "\n".join([*lines, "}", ""])


def _reserved(kind: RecordKind, numbers: dict[str, int]) -> list[str]:
    """What fields that are gone have left behind: nothing may take their numbers or names."""
    present = {*ENVELOPE_TYPES, *(field.name for field in kind.fields)}
    gone = [name for name in numbers if name not in present]
    if not gone:
        return []
    places, names = (
        ", ".join(str(numbers[name]) for name in gone),
        ", ".join(f'"{name}"' for name in gone),
    )
    return [f"  reserved {places};", f"  reserved {names};"]


def _about(field: Field) -> str:
    about = field.about
    if field.type == "json" and field.holds == "any":
        about += " JSON text."
    if field.type == "instant" or field.holds == "instant":
        about += " Epoch milliseconds."
    return about + (f" Unit: {unit(field)}." if unit(field) else "")


def _label(kind: RecordKind, field: Field, missing: Collection[str]) -> str:
    if field.holds == "strings":
        return "repeated "
    return "optional " if optional(kind, field, missing) else ""
