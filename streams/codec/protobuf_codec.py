"""Protobuf records behind Confluent's frame: packed rows, and the runtime for records with text."""

from typing import Any

from sim.events import Field, RecordKind
from sim.numbering import ID_WIDTH, TOPIC_LETTERS
from streams.codec.framed import Framed
from streams.codec.framing import framing
from streams.codec.packed import Packed, varint
from streams.codec.plain import json_as_text
from streams.codec.template import column_of
from streams.codec.terms import Terms
from streams.schemas.naming import field_numbers, optional
from streams.schemas.proto_file import message_class
from streams.schemas.protobuf import proto_text

__all__ = ["FIRST_MESSAGE", "ProtobufCodec"]

FIRST_MESSAGE = b"\0"
"""Which message of the file it is (Confluent's message indexes): the first."""
_VARINT, _FIXED64, _TEXT = 0, 1, 2
_MOST_INSTANT = 10**13 - 1


class ProtobufCodec(Framed):
    """Encodes batches as Protobuf, byte for byte what the runtime would write."""

    name = "protobuf"
    content_type = "application/protobuf"
    schema_type = "PROTOBUF"

    @staticmethod
    def schema(kind: RecordKind, terms: Terms) -> str:
        """The text of a kind's schema."""
        return proto_text(kind, terms.missing)

    def _columnar(self, kind: RecordKind) -> Packed:
        return _packed(kind, self.terms)

    def _one(self, kind: RecordKind, record: dict[str, Any]) -> bytes:
        message = message_class(proto_text(kind, self.terms.missing))(**json_as_text(kind, record))
        encoded_message: bytes = message.SerializeToString(deterministic=True)
        return framing(self.terms.ids[kind]) + FIRST_MESSAGE + encoded_message


def _packed(kind: RecordKind, terms: Terms) -> Packed:
    numbers = field_numbers(kind)
    row = Packed()
    row.template.text(framing(terms.ids[kind]) + FIRST_MESSAGE)
    row.template.text(_tag(numbers["event_id"], _TEXT) + varint(ID_WIDTH))
    row.template.event_id(f"{terms.tag}{TOPIC_LETTERS[kind.topic]}")
    row.template.text(_string(numbers["kind"], kind.name))
    row.template.text(_tag(numbers["occurred_at"], _VARINT))
    row.varint(lambda batch: batch.at, _MOST_INSTANT, zigzag=False)
    row.template.text(_tag(numbers["schema_version"], _VARINT) + varint(kind.version))
    row.template.text(_tag(numbers["synthetic"], _VARINT) + b"\x01")
    for field in kind.fields:
        _append(row, field, numbers[field.name], terms, always=optional(kind, field, terms.missing))
    return row.seal()


def _append(row: Packed, field: Field, number: int, terms: Terms, *, always: bool) -> None:
    """Append a field; one that has no presence of its own is left out where it is zero or empty."""
    column = column_of(field.name)
    if field.type == "label":
        words = terms.vocabularies[field.vocabulary]
        row.words(column, [_string(number, word) if word or always else b"" for word in words])
    elif field.type == "share":
        row.share(column, before=_tag(number, _FIXED64), unless_zero=not always)
    elif field.type in ("count", "instant"):
        most = _MOST_INSTANT if field.type == "instant" else 10**field.digits - 1
        row.varint(column, most, zigzag=False, before=_tag(number, _VARINT), unless_zero=not always)
    else:
        row.identifier(field, lambda width: _tag(number, _TEXT) + varint(width))


def _tag(number: int, wire_type: int) -> bytes:
    return varint(number << 3 | wire_type)


def _string(number: int, text: str) -> bytes:
    encoded_text = text.encode()
    return _tag(number, _TEXT) + varint(len(encoded_text)) + encoded_text
