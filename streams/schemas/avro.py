"""Avro schemas of the records (Apache Avro 1.12)."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sim.events import Field, RecordKind
from streams.schemas.naming import ABOUT_ENVELOPE, namespace, optional, record_name, unit

__all__ = ["avro_schema", "is_enum"]

_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INSTANT = {"type": "long", "logicalType": "timestamp-millis"}
_HELD: dict[str, Any] = {
    "any": "string",
    "boolean": "boolean",
    "number": "double",
    "instant": _INSTANT,
    "strings": {"type": "array", "items": "string"},
}
_ENVELOPE: dict[str, Any] = {
    "event_id": "string",
    "kind": "string",
    "occurred_at": _INSTANT,
    "schema_version": "int",
    "synthetic": "boolean",
}


def is_enum(words: Collection[str]) -> bool:
    """Whether a vocabulary can be an Avro enum: its symbols are names, and ``18-24`` and ``pt-BR`` are none."""
    return bool(words) and all(_SYMBOL.fullmatch(word) for word in words)


def avro_schema(
    kind: RecordKind, vocabularies: Mapping[str, Collection[str]], missing: Collection[str] = ()
) -> dict[str, Any]:
    """The schema of a kind; ``missing`` names the fields (topic.kind.field) that a scenario leaves out at times.

    >>> from sim.events import kind_named
    >>> [field["name"] for field in avro_schema(kind_named("audience", "erased"), {})["fields"]][-1]
    'user_id'
    """
    enums: set[str] = set()
    fields = [{"name": name, "type": type_, "doc": ABOUT_ENVELOPE[name]} for name, type_ in _ENVELOPE.items()]
    for field in kind.fields:
        may_be_absent = optional(kind, field, missing)
        fields.append(_field(field, _type(field, vocabularies, enums), may_be_absent))
    return {
        "type": "record",
        "name": record_name(kind.name),
        "namespace": namespace(kind.topic),
        "doc": kind.about,
        "fields": fields,
    }


def _field(field: Field, type_: Any, may_be_absent: bool) -> dict[str, Any]:
    about = field.about
    if field.type == "json" and field.holds == "any":
        about += " JSON text."
    found: dict[str, Any] = {"name": field.name, "type": type_, "doc": about}
    if may_be_absent:
        found |= {"type": ["null", type_], "default": None}
    return found | ({"unit": unit(field)} if unit(field) else {})


def _type(field: Field, vocabularies: Mapping[str, Collection[str]], enums: set[str]) -> Any:
    if field.type == "json":
        return _HELD[field.holds]
    if field.type == "label":
        return _label(field, vocabularies[field.vocabulary], enums)
    if field.type == "count":
        return "int" if 10**field.digits <= 2**31 else "long"
    return {"instant": _INSTANT, "share": "double"}.get(field.type, "string")


def _label(field: Field, words: Collection[str], enums: set[str]) -> Any:
    if not is_enum(words):
        return "string"
    name = record_name(re.sub(r"\W", "_", field.vocabulary))
    if name in enums:  # a name is defined once, and referred to after that
        return name
    enums.add(name)
    return {"type": "enum", "name": name, "symbols": list(words)}
