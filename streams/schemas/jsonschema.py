"""JSON Schemas of the records (draft 7, which registries and AsyncAPI speak)."""

from collections.abc import Collection, Mapping
from typing import Any

from sim.events import Field, RecordKind
from sim.numbering import TOPIC_LETTERS
from streams.schemas.naming import ABOUT_ENVELOPE, full_name, optional, unit

__all__ = ["DRAFT", "json_schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"
_PATTERNS = {
    "user": r"^u\d{8}$",
    "item": r"^t\d{7}$",
    "session": r"^s\d{8}-\d{5}$",
    "slate": r"^s\d{8}-\d{5}-\d{3}$",
}
_INSTANT = {"type": "integer", "minimum": 0, "x-unit": "ms"}
_HELD: dict[str, dict[str, Any]] = {
    "any": {},
    "boolean": {"type": "boolean"},
    "number": {"type": "number"},
    "instant": _INSTANT,
    "strings": {"type": "array", "items": {"type": "string"}},
}


def json_schema(
    kind: RecordKind, vocabularies: Mapping[str, Collection[str]], missing: Collection[str] = ()
) -> dict[str, Any]:
    """The schema of a kind; ``missing`` names the fields (topic.kind.field) that a scenario leaves out at times.

    It admits no other properties, so that one may be added later without clashing with what old records hold.

    >>> from sim.events import kind_named
    >>> json_schema(kind_named("audience", "erased"), {})["required"][-1]
    'user_id'
    """
    properties = _envelope(kind) | {
        field.name: {**_type(field, vocabularies), "description": field.about} for field in kind.fields
    }
    absent = {field.name for field in kind.fields if optional(kind, field, missing)}
    return {
        "$schema": DRAFT,
        "title": full_name(kind),
        "description": kind.about,
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in absent],
        "additionalProperties": False,
    }


def _envelope(kind: RecordKind) -> dict[str, dict[str, Any]]:
    types: dict[str, dict[str, Any]] = {
        "event_id": {
            "type": "string",
            "pattern": rf"^[0-9a-f]{{4}}{TOPIC_LETTERS[kind.topic]}\d{{5}}-\d{{12}}$",
        },
        "kind": {"type": "string", "const": kind.name},
        "occurred_at": _INSTANT,
        "schema_version": {"type": "integer", "minimum": 1},
        "synthetic": {"type": "boolean", "const": True},
    }
    return {name: {**type_, "description": ABOUT_ENVELOPE[name]} for name, type_ in types.items()}


def _type(field: Field, vocabularies: Mapping[str, Collection[str]]) -> dict[str, Any]:
    named = {"x-unit": unit(field)} if unit(field) else {}
    if field.type in _PATTERNS:
        return {"type": "string", "pattern": _PATTERNS[field.type]}
    if field.type == "label":
        words = list(vocabularies[field.vocabulary])
        return {"type": "string", "enum": words} if words else {"type": "string"}
    if field.type == "count":
        return {"type": "integer", "minimum": 0, "maximum": 10**field.digits - 1} | named
    if field.type == "share":
        return {"type": "number", "minimum": 0, "maximum": 1} | named
    if field.type == "json":
        return _HELD[field.holds]
    return _INSTANT if field.type == "instant" else {"type": "string"}
