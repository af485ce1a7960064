"""Layouts: records of one kind as rows of equal width, so that a batch is encoded column by column.

JSON allows blanks before a value, so numbers and words are aligned to the right, and every line of a kind is as wide
as the next. That makes encoding a few table lookups a field: measured 0.25 µs for an impression of 13 fields, where
writing the same columns with Polars took 0.9 µs and a dict and orjson a record 3.9 µs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import Field, RecordKind
from sim.numbering import TOPIC_LETTERS
from streams.codec import digits

__all__ = ["Layout"]

_CHUNK = 2048
Column = Callable[[EventBatch], NDArray[Any]]


@dataclass
class _Number:
    """A column of numbers and every place of the line where it is written."""

    column: Column
    digits: int
    fill: str
    offsets: list[int]
    targets: list[list[NDArray[Any]]] = field(default_factory=list)


class Layout:
    """The line of one columnar kind: a template of bytes, and where each column goes in it."""

    def __init__(self, kind: RecordKind, tag: str, vocabularies: Mapping[str, tuple[str, ...]]) -> None:
        self._vocabularies = vocabularies
        self._template = b""
        self._numbers: dict[tuple[str, int, str], _Number] = {}
        self._words: list[tuple[str, int, NDArray[Any]]] = []
        self._shares: list[tuple[str, int]] = []
        self._text(f'{{"event_id":"{tag}{TOPIC_LETTERS[kind.topic]}')
        self._number("source", 5, digits.ZERO, lambda batch: batch.source)
        self._text("-")
        self._number("number", 12, digits.ZERO, lambda batch: batch.number)
        self._text(f'","kind":"{kind.name}","occurred_at":')
        self._number("at", 13, digits.ZERO, lambda batch: batch.at)
        self._text(',"schema_version":1,"synthetic":true')
        for each in kind.fields:
            self._text(f',"{each.name}":')
            self._field(each)
        self._text("}")
        self.width = len(self._template)
        self._rows = np.empty((_CHUNK, self.width), dtype=np.uint8)
        self._rows[:] = np.frombuffer(self._template, dtype=np.uint8)
        for number in self._numbers.values():
            number.targets = [_targets(self._rows, offset, number.digits) for offset in number.offsets]

    def _text(self, text: str) -> None:
        self._template += text.encode()

    def _number(self, name: str, count: int, fill: str, column: Column | None = None) -> None:
        number = _Number(column or _column(name), count, fill, [])
        self._numbers.setdefault((name, count, fill), number).offsets.append(len(self._template))
        self._template += b"0" * count

    def _field(self, field: Field) -> None:
        writers = {"user": self._user, "item": self._item, "session": self._session, "slate": self._slate}
        writers |= {
            "instant": self._instant,
            "count": self._count,
            "share": self._share,
            "label": self._label,
        }
        writers[field.type](field)

    def _user(self, field: Field) -> None:
        self._quoted("u", (field.name, 8))

    def _item(self, field: Field) -> None:
        self._quoted("t", (field.name, 7))

    def _session(self, field: Field) -> None:
        self._quoted("s", ("user_id", 8), (field.name, 5))

    def _slate(self, field: Field) -> None:
        self._quoted("s", ("user_id", 8), ("session_id", 5), (field.name, 3))

    def _quoted(self, letter: str, *numbers: tuple[str, int]) -> None:
        for place, (name, count) in enumerate(numbers):
            self._text("-" if place else f'"{letter}')
            self._number(name, count, digits.ZERO)
        self._text('"')

    def _instant(self, field: Field) -> None:
        self._number(field.name, 13, digits.ZERO)

    def _count(self, field: Field) -> None:
        self._number(field.name, field.digits, digits.BLANK)

    def _share(self, field: Field) -> None:
        self._shares.append((field.name, len(self._template)))
        self._text("0.000000")

    def _label(self, field: Field) -> None:
        words = [orjson.dumps(word) for word in self._vocabularies[field.vocabulary]]
        width = max(map(len, words))
        table = np.array([word.rjust(width) for word in words], dtype=f"S{width}").view(f"V{width}")
        self._words.append((field.name, len(self._template), table))
        self._template += b" " * width

    def chunks(self, batch: EventBatch) -> Iterator[NDArray[np.uint8]]:
        """Encoded rows (rows × width), a chunk at a time; a chunk is overwritten by the next one.

        OverflowError names a number that does not fit its field, and leaves nothing half written.
        """
        for number in self._numbers.values():
            digits.check(number.column(batch), number.digits)
        for start in range(0, len(batch), _CHUNK):
            rows = slice(start, min(start + _CHUNK, len(batch)))
            yield self._fill(batch, rows)

    def _fill(self, batch: EventBatch, rows: slice) -> NDArray[np.uint8]:
        count = rows.stop - rows.start
        out = self._rows[:count]
        for number in self._numbers.values():
            texts = digits.groups(number.column(batch)[rows], number.digits, number.fill)
            # A viewer's number stands in the user's, the session's and the slate's id: it is made into text once.
            for targets in number.targets:
                for target, text in zip(targets, texts, strict=True):
                    target[:count] = text
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


def _column(name: str) -> Column:
    return lambda batch: batch.columns[name]


def _targets(rows: NDArray[np.uint8], offset: int, count: int) -> list[NDArray[Any]]:
    return [digits.target(rows, offset + place, width) for place, width in digits.parts(count)]


def _words_at(rows: NDArray[np.uint8], offset: int, width: int) -> NDArray[Any]:
    return rows[:, offset : offset + width].view(f"V{width}")[:, 0]


def _write_share(out: NDArray[np.uint8], offset: int, share: NDArray[Any]) -> None:
    scaled = np.rint(share * np.float32(1_000_000)).astype(np.uint32)
    whole = scaled // 1_000_000
    out[:, offset] = ord("0") + whole
    digits.write(_targets(out, offset + 2, 6), scaled - whole * np.uint32(1_000_000), 6, digits.ZERO)
