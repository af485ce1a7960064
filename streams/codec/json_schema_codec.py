"""JSON records that follow a schema of a registry: JSON lines behind Confluent's frame."""

from typing import Any

import orjson

from sim.events import RecordKind
from streams.codec.framed import Framed
from streams.codec.framing import framing
from streams.codec.layout import Layout
from streams.codec.terms import Terms
from streams.schemas.jsonschema import json_schema

__all__ = ["JsonSchemaCodec"]


class JsonSchemaCodec(Framed):
    """Encodes batches as framed JSON, as fast as JSON without a frame."""

    name = "json_schema"
    content_type = "application/json"
    schema_type = "JSON"

    @staticmethod
    def schema(kind: RecordKind, terms: Terms) -> str:
        """The text of a kind's schema."""
        return orjson.dumps(json_schema(kind, terms.vocabularies, terms.missing)).decode()

    def _columnar(self, kind: RecordKind) -> Layout:
        return Layout(kind, self.tag, self.terms.vocabularies, framing(self.terms.ids[kind]))

    def _one(self, kind: RecordKind, record: dict[str, Any]) -> bytes:
        return framing(self.terms.ids[kind]) + orjson.dumps(record)
