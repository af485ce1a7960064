"""JSON records: columns to lines, one JSON object each."""

from collections.abc import Mapping
from typing import Any

import orjson
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import KINDS, Field
from sim.numbering import event_ids
from streams.codec.layout import Layout

__all__ = ["JsonCodec"]


class JsonCodec:
    """Encodes batches as JSON: kinds of fixed width through their layouts, those with text a record at a time."""

    content_type = "application/json"

    def __init__(self, tag: str, vocabularies: Mapping[str, tuple[str, ...]]) -> None:
        self.tag, self._vocabularies = tag, vocabularies
        self._layouts = {kind: Layout(kind, tag, vocabularies) for kind in KINDS if kind.columnar}

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch, in its order."""
        layout = self._layouts.get(batch.kind)
        return layout.lines(batch) if layout else self._records(batch)

    def size(self, batch: EventBatch) -> int:
        """Encode a batch and say only how many bytes that gave."""
        layout = self._layouts.get(batch.kind)
        if layout:
            return sum(chunk.nbytes for chunk in layout.chunks(batch))
        return sum(map(len, self._records(batch)))

    def _records(self, batch: EventBatch) -> list[bytes]:
        names = ["event_id", "kind", "occurred_at", "schema_version", "synthetic"]
        columns: list[Any] = [
            event_ids(self.tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist()),
            [batch.kind.name] * len(batch),
            batch.at.tolist(),
            [1] * len(batch),
            [True] * len(batch),
        ]
        for field in batch.kind.fields:
            names.append(field.name)
            columns.append(self._values(field, batch.columns[field.name]))
        return [orjson.dumps(_present(names, values)) for values in zip(*columns, strict=True)]

    def _values(self, field: Field, column: NDArray[Any]) -> list[Any]:
        if field.type == "label":
            words = self._vocabularies[field.vocabulary]
            return [words[code] for code in column]
        if field.type == "user":
            return [f"u{number:08d}" for number in column.tolist()]
        if field.type == "item":
            return [f"t{number:07d}" for number in column.tolist()]
        values: list[Any] = column.tolist()
        return values


def _present(names: list[str], values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
