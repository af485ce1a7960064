"""JSON records: columns to lines, one JSON object each."""

from collections.abc import Mapping

import orjson

from sim.batch import EventBatch
from sim.events import KINDS, RecordKind
from streams.codec.layout import Layout
from streams.codec.plain import encoded, lacking

__all__ = ["JsonCodec"]


class JsonCodec:
    """Encodes batches as JSON: kinds of fixed width through their layouts, those with text a record at a time."""

    name = "json"
    content_type = "application/json"

    def __init__(self, tag: str, vocabularies: Mapping[str, tuple[str, ...]]) -> None:
        self.tag, self.vocabularies = tag, vocabularies
        self._layouts = {kind: Layout(kind, tag, vocabularies) for kind in KINDS if kind.columnar}

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch, in its order."""
        return encoded(batch, self._layout(batch.kind), orjson.dumps, self.tag, self.vocabularies)

    def size(self, batch: EventBatch) -> int:
        """Encode a batch and say only how many bytes that gave."""
        layout = self._layout(batch.kind)
        if layout is None or lacking(batch) is not None:
            return sum(map(len, self.lines(batch)))
        return sum(chunk.nbytes for chunk in layout.chunks(batch))

    def schema_uri(self, kind: RecordKind) -> str:
        """What names the schema of a kind's records."""
        return f"urn:greenroom:{kind.topic}:{kind.name}:v{kind.version}"

    def _layout(self, kind: RecordKind) -> Layout | None:
        if kind not in self._layouts and kind.columnar:
            self._layouts[kind] = Layout(kind, self.tag, self.vocabularies)
        return self._layouts.get(kind)
