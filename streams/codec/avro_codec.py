"""Avro records behind Confluent's frame: packed rows, and fastavro for records with text."""

from io import BytesIO
from typing import Any

import fastavro
import orjson

from sim.events import Field, RecordKind
from sim.numbering import ID_WIDTH, TOPIC_LETTERS
from streams.codec.framed import Framed
from streams.codec.framing import framing
from streams.codec.packed import Packed, varint
from streams.codec.plain import json_as_text
from streams.codec.template import column_of
from streams.codec.terms import Terms
from streams.schemas.avro import avro_schema, is_enum
from streams.schemas.naming import optional

__all__ = ["AvroCodec"]

_PRESENT = b"\x02"  # the second branch of a union with null
_MOST_INSTANT = 10**13 - 1


class AvroCodec(Framed):
    """Encodes batches as Avro, byte for byte what fastavro would write."""

    name = "avro"
    content_type = "application/vnd.apache.avro+binary"
    schema_type = "AVRO"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._parsed: dict[RecordKind, Any] = {}

    @staticmethod
    def schema(kind: RecordKind, terms: Terms) -> str:
        """The text of a kind's schema."""
        return orjson.dumps(avro_schema(kind, terms.vocabularies, terms.missing)).decode()

    def _columnar(self, kind: RecordKind) -> Packed:
        return _packed(kind, self.terms)

    def _one(self, kind: RecordKind, record: dict[str, Any]) -> bytes:
        if kind not in self._parsed:
            schema = avro_schema(kind, self.terms.vocabularies, self.terms.missing)
            self._parsed[kind] = fastavro.parse_schema(schema)
        out = BytesIO(framing(self.terms.ids[kind]))
        out.seek(0, 2)
        fastavro.schemaless_writer(out, self._parsed[kind], json_as_text(kind, record))
        return out.getvalue()


def _packed(kind: RecordKind, terms: Terms) -> Packed:
    row = Packed()
    row.template.text(framing(terms.ids[kind]) + varint(2 * ID_WIDTH))
    row.template.event_id(f"{terms.tag}{TOPIC_LETTERS[kind.topic]}")
    row.template.text(_string(kind.name))
    row.varint(lambda batch: batch.at, _MOST_INSTANT, zigzag=True)
    row.template.text(varint(2 * kind.version) + b"\x01")
    for field in kind.fields:
        if optional(kind, field, terms.missing):
            row.template.text(_PRESENT)
        _append(row, field, terms)
    return row.seal()


def _append(row: Packed, field: Field, terms: Terms) -> None:
    column = column_of(field.name)
    if field.type == "label":
        words = terms.vocabularies[field.vocabulary]
        codes = [varint(2 * code) for code in range(len(words))]
        row.words(column, codes if is_enum(words) else [_string(word) for word in words])
    elif field.type == "count":
        row.varint(column, 10**field.digits - 1, zigzag=True)
    elif field.type == "share":
        row.share(column)
    elif field.type == "instant":
        row.varint(column, _MOST_INSTANT, zigzag=True)
    else:
        row.identifier(field, lambda width: varint(2 * width))


def _string(text: str) -> bytes:
    encoded_text = text.encode()
    return varint(2 * len(encoded_text)) + encoded_text
