"""Templates: the bytes that all rows of one kind of record share, and the numbers that go into them as text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import Field
from streams.codec import digits

__all__ = ["CHUNK", "Column", "Template", "column_of"]

CHUNK = 2048
Column = Callable[[EventBatch], NDArray[Any]]

_PARTS = {
    "user": ("u", ((None, 8),)),
    "item": ("t", ((None, 7),)),
    "session": ("s", (("user_id", 8), (None, 5))),
    "slate": ("s", (("user_id", 8), ("session_id", 5), (None, 3))),
}
"""Each sort of identifier: its letter, and the fields and digits of its numbers; None is the field itself."""


@dataclass
class _Number:
    """A column of numbers and every place of the row where it is written."""

    column: Column
    digits: int
    fill: str
    offsets: list[int]
    targets: list[list[NDArray[Any]]] = field(default_factory=list)


class Template:
    """A row of bytes under construction; :meth:`rows` then makes the rows that :meth:`fill` writes numbers into."""

    def __init__(self) -> None:
        self.bytes = b""
        self._numbers: dict[tuple[str, int, str], _Number] = {}

    @property
    def width(self) -> int:
        """Bytes of a row so far."""
        return len(self.bytes)

    def text(self, text: bytes) -> None:
        """Append bytes that are the same in every row."""
        self.bytes += text

    def number(self, name: str, count: int, fill: str, column: Column | None = None) -> None:
        """Append the decimal digits of a column, padded on the left to ``count``."""
        number = _Number(column or column_of(name), count, fill, [])
        self._numbers.setdefault((name, count, fill), number).offsets.append(self.width)
        self.bytes += b"0" * count

    def event_id(self, prefix: str) -> None:
        """Append the event id, given what all of the kind begin with."""
        self.text(prefix.encode())
        self.number("source", 5, digits.ZERO, lambda batch: batch.source)
        self.text(b"-")
        self.number("number", 12, digits.ZERO, lambda batch: batch.number)

    def identifier(self, field: Field) -> None:
        """Append the identifier in a field of type user, item, session or slate."""
        letter, parts = _PARTS[field.type]
        for place, (name, count) in enumerate(parts):
            self.text(b"-" if place else letter.encode())
            self.number(name or field.name, count, digits.ZERO)

    def rows(self) -> NDArray[np.uint8]:
        """Rows of the template, a chunk of them, which :meth:`fill` will write to."""
        rows = np.empty((CHUNK, self.width), dtype=np.uint8)
        rows[:] = np.frombuffer(self.bytes, dtype=np.uint8)
        for number in self._numbers.values():
            number.targets = [_targets(rows, offset, number.digits) for offset in number.offsets]
        return rows

    def check(self, batch: EventBatch) -> None:
        """OverflowError names a number of the batch that does not fit its field."""
        for number in self._numbers.values():
            digits.check(number.column(batch), number.digits)

    def fill(self, batch: EventBatch, rows: slice) -> None:
        """Write the numbers of some of the batch's records into the first rows."""
        count = rows.stop - rows.start
        for number in self._numbers.values():
            texts = digits.groups(number.column(batch)[rows], number.digits, number.fill)
            # A viewer's number stands in the user's, the session's and the slate's id: it is made into text once.
            for targets in number.targets:
                for target, text in zip(targets, texts, strict=True):
                    target[:count] = text


def column_of(name: str) -> Column:
    """How a field's column is found in a batch."""
    return lambda batch: batch.columns[name]


def _targets(rows: NDArray[np.uint8], offset: int, count: int) -> list[NDArray[Any]]:
    return [digits.target(rows, offset + place, width) for place, width in digits.parts(count)]
