"""Damage: what becomes of a record's bytes when they are spoiled on their way, whatever their format.

JSON begins with a brace; a record of a registry's schema begins with Confluent's frame, a zero and the schema's id.
"""

import re

import numpy as np

from sim.batch import EventBatch
from sim.fate import DAMAGED, Fate

__all__ = ["damaged", "spoiled"]

# The shortest of all formats has its event id at bytes 6 to 28: less than that names nobody.
_SHORTEST = 20
_NO_TEXT = bytes(byte | 0x80 for byte in range(256))
_FRAME = 5
_UNKNOWN_SCHEMA = b"\0" + (2**31 - 1).to_bytes(4, "big")
_OCCURRED = re.compile(rb'"occurred_at":( *\d+),')
# Protobuf: field 18,999 (no schema of ours goes so far), of the sort that says its length. Avro reads no further than
# its schema, so that what follows is ignored.
_UNKNOWN_FIELD = bytes([0xBA, 0xA3, 0x09])


def damaged(lines: list[bytes], batch: EventBatch) -> list[bytes]:
    """The encoded records of a batch as they arrive: those whose fate it is with their bytes spoiled."""
    if batch.mess is None:
        return lines
    fate, size = batch.mess["fate"], batch.mess["amount"]
    for row in np.flatnonzero(np.isin(fate, DAMAGED)).tolist():
        lines[row] = spoiled(lines[row], Fate(fate[row]), size=int(size[row]), number=int(batch.number[row]))
    return lines


def spoiled(value: bytes, fate: Fate, *, size: int, number: int) -> bytes:
    """The bytes of one record after its fate; ``number`` says how much is left of what is torn off.

    >>> spoiled(b'{"event_id":"7f3aj00012-000000104455","kind":"play"}', Fate.TRUNCATED, size=0, number=7)
    b'{"event_'
    """
    if fate is Fate.TRUNCATED:
        return value[: 1 + number % _SHORTEST]
    if fate is Fate.GARBLED:
        return value.translate(_NO_TEXT)
    if fate is Fate.OVERSIZED:
        return _padded(value, size - len(value))
    if value.startswith(b"\0"):
        return _UNKNOWN_SCHEMA + value[_FRAME:]
    if fate is Fate.WRONG_TYPE:
        return _OCCURRED.sub(rb'"occurred_at":"\1",', value, count=1)
    return _OCCURRED.sub(b"", value, count=1)


def _padded(value: bytes, more: int) -> bytes:
    if more <= 0:
        return value
    if value.startswith(b"{"):
        return value[:-1] + b" " * more + b"}"
    if value[_FRAME : _FRAME + 1] == b"{":
        return value + b" " * more
    return value + _UNKNOWN_FIELD + _varint(more) + bytes(more)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
