"""JSON records that follow a schema of a registry: JSON lines behind Confluent's frame."""

import orjson

from sim.batch import EventBatch
from sim.events import RecordKind
from streams.codec.framing import framing
from streams.codec.layout import Layout
from streams.codec.plain import encoded
from streams.codec.terms import Terms
from streams.schemas.jsonschema import json_schema

__all__ = ["JsonSchemaCodec"]


class JsonSchemaCodec:
    """Encodes batches as framed JSON, as fast as JSON without a frame."""

    name = "json_schema"
    content_type = "application/json"
    schema_type = "JSON"

    def __init__(self, terms: Terms) -> None:
        self.terms, self.tag = terms, terms.tag
        self._layouts: dict[RecordKind, Layout] = {}

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch, in its order."""
        frame = framing(self.terms.ids[batch.kind])
        layout = self._layout(batch.kind, frame) if batch.kind.columnar else None
        words = self.terms.vocabularies
        return encoded(batch, layout, lambda record: frame + orjson.dumps(record), self.tag, words)

    def size(self, batch: EventBatch) -> int:
        """Encode a batch and say only how many bytes that gave."""
        return sum(map(len, self.lines(batch)))

    def schema_uri(self, kind: RecordKind) -> str:
        """What names the schema of a kind's records."""
        return self.terms.uri_of(kind)

    @staticmethod
    def schema(kind: RecordKind, terms: Terms) -> str:
        """The text of a kind's schema."""
        return orjson.dumps(json_schema(kind, terms.vocabularies, terms.missing)).decode()

    def _layout(self, kind: RecordKind, frame: bytes) -> Layout:
        if kind not in self._layouts:
            self._layouts[kind] = Layout(kind, self.tag, self.terms.vocabularies, frame)
        return self._layouts[kind]
