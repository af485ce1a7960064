"""Layouts: records of one kind as rows of equal width, so that a batch is encoded column by column.

JSON allows blanks before a value, so numbers and words are aligned to the right, and every line of a kind is as wide
as the next. That makes encoding a few table lookups a field: measured 0.25 µs for an impression of 13 fields, where
writing the same columns with Polars took 0.9 µs and a dict and orjson a record 3.9 µs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import Field, RecordKind
from sim.numbering import TOPIC_LETTERS
from streams.codec import digits
from streams.codec.template import CHUNK, Template

__all__ = ["Layout"]


class Layout:
    """The line of one columnar kind: a template of bytes, and where each column goes in it."""

    def __init__(
        self, kind: RecordKind, tag: str, vocabularies: Mapping[str, tuple[str, ...]], framing: bytes = b""
    ) -> None:
        """``framing`` are the bytes that stand before every line."""
        self._vocabularies = vocabularies
        self._template = Template()
        self._words: list[tuple[str, int, NDArray[Any]]] = []
        self._shares: list[tuple[str, int]] = []
        self._template.text(framing + b'{"event_id":"')
        self._template.event_id(f"{tag}{TOPIC_LETTERS[kind.topic]}")
        self._text(f'","kind":"{kind.name}","occurred_at":')
        self._template.number("at", 13, digits.ZERO, lambda batch: batch.at)
        self._text(f',"schema_version":{kind.version},"synthetic":true')
        for each in kind.fields:
            self._text(f',"{each.name}":')
            self._field(each)
        self._text("}")
        self.width = self._template.width
        self._rows = self._template.rows()

    def _text(self, text: str) -> None:
        self._template.text(text.encode())

    def _field(self, field: Field) -> None:
        writers = {"instant": self._instant, "count": self._count, "share": self._share, "label": self._label}
        writers.get(field.type, self._identifier)(field)

    def _identifier(self, field: Field) -> None:
        self._text('"')
        self._template.identifier(field)
        self._text('"')

    def _instant(self, field: Field) -> None:
        self._template.number(field.name, 13, digits.ZERO)

    def _count(self, field: Field) -> None:
        self._template.number(field.name, field.digits, digits.BLANK)

    def _share(self, field: Field) -> None:
        self._shares.append((field.name, self._template.width))
        self._text("0.000000")

    def _label(self, field: Field) -> None:
        words = [orjson.dumps(word) for word in self._vocabularies[field.vocabulary]]
        width = max(map(len, words))
        table = np.array([word.rjust(width) for word in words], dtype=f"S{width}").view(f"V{width}")
        self._words.append((field.name, self._template.width, table))
        self._text(" " * width)

    def chunks(self, batch: EventBatch) -> Iterator[NDArray[np.uint8]]:
        """Encoded rows (rows × width), a chunk at a time; a chunk is overwritten by the next one.

        OverflowError names a number that does not fit its field, and leaves nothing half written.
        """
        self._template.check(batch)
        for start in range(0, len(batch), CHUNK):
            rows = slice(start, min(start + CHUNK, len(batch)))
            yield self._fill(batch, rows)

    def _fill(self, batch: EventBatch, rows: slice) -> NDArray[np.uint8]:
        self._template.fill(batch, rows)
        out = self._rows[: rows.stop - rows.start]
        for name, offset, table in self._words:
            _words_at(out, offset, table.dtype.itemsize)[...] = table[batch.columns[name][rows]]
        for name, offset in self._shares:
            _write_share(out, offset, batch.columns[name][rows])
        return out

    def lines(self, batch: EventBatch) -> list[bytes]:
        """One line a record, without line ends."""
        found: list[bytes] = []
        for rows in self.chunks(batch):
            found += rows.view(f"S{self.width}")[:, 0].tolist()
        return found


def _words_at(rows: NDArray[np.uint8], offset: int, width: int) -> NDArray[Any]:
    return rows[:, offset : offset + width].view(f"V{width}")[:, 0]


def _write_share(out: NDArray[np.uint8], offset: int, share: NDArray[Any]) -> None:
    scaled = np.rint(share * np.float32(1_000_000)).astype(np.uint32)
    whole = scaled // 1_000_000
    out[:, offset] = ord("0") + whole
    targets = [digits.target(out, offset + 2 + place, width) for place, width in digits.parts(6)]
    digits.write(targets, scaled - whole * np.uint32(1_000_000), 6, digits.ZERO)
