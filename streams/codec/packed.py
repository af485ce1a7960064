"""Packed rows: records of a binary format, written column by column although their values differ in length.

Every value has room for its longest form; a mask of equal shape says which bytes are in use, and taking those closes
the gaps. So the bytes are the canonical ones, which a record-by-record encoder would write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import EventBatch
from sim.events import Field
from streams.codec.template import CHUNK, Column, Template

__all__ = ["Packed", "varint", "varint_width"]

_BITS = 7


@dataclass(frozen=True)
class _Slot:
    """Where a value of varying length is written, and how: bytes into the first array, their mask into the second."""

    offset: int
    width: int
    column: Column
    write: Callable[[NDArray[Any], NDArray[np.uint8], NDArray[np.bool_]], None]
    most: int | None = None


class Packed:
    """The rows of one kind under construction, from :attr:`template` and slots; :meth:`seal` ends that."""

    def __init__(self) -> None:
        self.template = Template()
        self._slots: list[_Slot] = []

    def varint(
        self, column: Column, most: int, *, zigzag: bool, before: bytes = b"", unless_zero: bool = False
    ) -> None:
        """Append a whole number of at most ``most``, least significant seven bits first, after some fixed bytes.

        ``unless_zero`` leaves out zeros, and what stands before them.
        """
        count = varint_width(2 * most if zigzag else most)

        def write(values: NDArray[Any], out: NDArray[np.uint8], used: NDArray[np.bool_]) -> None:
            rest: Any = values.astype(np.uint32 if most < 2**31 else np.uint64)
            rest = rest << rest.dtype.type(1) if zigzag else rest
            present: Any = rest > 0 if unless_zero else True
            out[:, : len(before)] = np.frombuffer(before, dtype=np.uint8)
            used[:, : len(before)] = np.reshape(present, (-1, 1))
            for place in range(len(before), len(before) + count):
                more = rest >> rest.dtype.type(_BITS)
                out[:, place] = (rest & rest.dtype.type(127)) | ((more > 0) * rest.dtype.type(128))
                used[:, place] = present
                rest, present = more, more > 0

        self._slot(len(before) + count, column, write, most)

    def identifier(self, field: Field, head: Callable[[int], bytes]) -> None:
        """Append an identifier as text, after what ``head`` makes of its length in bytes."""
        alone = Template()
        alone.identifier(field)
        self.template.text(head(alone.width))
        self.template.identifier(field)

    def words(self, column: Column, words: Sequence[bytes]) -> None:
        """Append one of some words, by its place among them."""
        width = max(map(len, words), default=0)
        table = np.array([list(word.ljust(width, b"\0")) for word in words], dtype=np.uint8)
        lengths = np.array([[len(word)] for word in words])
        masks = np.arange(width) < lengths

        def write(values: NDArray[Any], out: NDArray[np.uint8], used: NDArray[np.bool_]) -> None:
            out[...] = table[values]
            used[...] = masks[values]

        self._slot(width, column, write)

    def share(self, column: Column, *, before: bytes = b"", unless_zero: bool = False) -> None:
        """Append a number from 0 to 1, six decimals, as an IEEE 754 double."""

        def write(values: NDArray[Any], out: NDArray[np.uint8], used: NDArray[np.bool_]) -> None:
            scaled = np.rint(values * np.float32(1_000_000)) / np.float64(1_000_000)
            out[:, : len(before)] = np.frombuffer(before, dtype=np.uint8)
            out[:, len(before) :] = scaled.astype("<f8").view(np.uint8).reshape(-1, 8)
            used[...] = (scaled != 0)[:, None] if unless_zero else True

        self._slot(len(before) + 8, column, write)

    def _slot(
        self,
        width: int,
        column: Column,
        write: Callable[[NDArray[Any], NDArray[np.uint8], NDArray[np.bool_]], None],
        most: int | None = None,
    ) -> None:
        self._slots.append(_Slot(self.template.width, width, column, write, most))
        self.template.text(bytes(width))

    def seal(self) -> "Packed":
        """Make the rows; nothing can be appended any more."""
        self._rows = self.template.rows()
        self._used = np.ones(self._rows.shape, dtype=np.bool_)
        return self

    def lines(self, batch: EventBatch) -> list[bytes]:
        """The records of a batch; OverflowError names a number that does not fit its field."""
        self.template.check(batch)
        for slot in self._slots:
            if slot.most is not None:
                _check(slot.column(batch), slot.most)
        found: list[bytes] = []
        for start in range(0, len(batch), CHUNK):
            found += self._lines(batch, slice(start, min(start + CHUNK, len(batch))))
        return found

    def _lines(self, batch: EventBatch, rows: slice) -> list[bytes]:
        count = rows.stop - rows.start
        self.template.fill(batch, rows)
        out, used = self._rows[:count], self._used[:count]
        for slot in self._slots:
            place = slice(slot.offset, slot.offset + slot.width)
            slot.write(slot.column(batch)[rows], out[:, place], used[:, place])
        ends = np.cumsum(np.count_nonzero(used, axis=1)).tolist()
        packed = out[used].tobytes()
        return [packed[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _check(values: NDArray[Any], most: int) -> None:
    if len(values) and not (values.min() >= 0 and values.max() <= most):
        wrong = int(values.min() if values.min() < 0 else values.max())
        raise OverflowError(f"{wrong} is not a number from 0 to {most}")


def varint(number: int) -> bytes:
    """A whole number, least significant seven bits first.

    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= _BITS
    return bytes([*found, number])


def varint_width(most: int) -> int:
    """Bytes of the longest varint up to a number."""
    return len(varint(most))
