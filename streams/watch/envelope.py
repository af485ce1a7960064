"""Envelopes: whether records begin as their schema says, and when they say that they happened.

Behind event id and kind, every record says when it happened: JSON as ``,"occurred_at":`` and digits, Avro and
Protobuf as a number of six bytes. That much is read in columns, a group of records at a time whose kinds are
as long; the rest of a record is for those who consume it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from streams.codec.framing import FRAME
from streams.delivery import ID_WIDTH
from streams.watch.octets import first_bytes

__all__ = ["WIDTH", "Envelopes", "read_envelopes"]

_BEFORE_ID = b'{"event_id":"'
_KIND = len(_BEFORE_ID) + ID_WIDTH + len(b'","kind":"')
_LONGEST_KIND = 31
_BEFORE_TIME = b'","occurred_at":'
_DIGITS = 13
_SPAN = len(_BEFORE_TIME) + _DIGITS + 1
WIDTH = FRAME + _KIND + _LONGEST_KIND + _SPAN
_TENS = 10 ** np.arange(_DIGITS - 1, -1, -1, dtype=np.float64)
_UNKNOWN_SCHEMA = b"\0\x7f\xff\xff\xff"
_AVRO_LENGTH, _PROTOBUF_LENGTH = FRAME + 1 + ID_WIDTH, FRAME + 3 + ID_WIDTH + 1
_VARINT = 6

Rows = NDArray[np.uint8]
Times = tuple[NDArray[np.bool_], NDArray[np.int64]]


@dataclass(frozen=True)
class Envelopes:
    """Columns: whether each record is sound so far, and when it says that it happened (epoch ms; 0 if it is not)."""

    sound: NDArray[np.bool_]
    occurred: NDArray[np.int64]


def read_envelopes(values: Sequence[bytes | None], *, first: NDArray[np.uint8] | None = None) -> Envelopes:
    """The envelopes of records that begin with an event id and a kind.

    ``first`` are the first ``WIDTH`` bytes of each (see :func:`.first_bytes`), if they are known.

    >>> head = b'{"event_id":"7f3aj00012-000000104455","kind":"play","occurred_at":'
    >>> found = read_envelopes([head + b'1767571200000,"rank":1}', head + b'"1767571200000","rank":1}'])
    >>> found.sound.tolist(), found.occurred.tolist()
    ([True, False], [1767571200000, 0])
    """
    rows = first_bytes(values, WIDTH) if first is None else first
    framed = rows[:, 0] == 0
    if not framed.any():
        sound, occurred = _json(rows)
    else:
        sound, occurred = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.int64)
        known = framed & ~_is(rows, 0, _UNKNOWN_SCHEMA)
        text, avro = known & (rows[:, FRAME] == ord("{")), known & (rows[:, FRAME] == 2 * ID_WIDTH)
        forms = ((~framed, _json), (text, _framed_json), (avro, _avro), (known & ~text & ~avro, _protobuf))
        for mine, read in forms:
            if mine.any():
                sound[mine], occurred[mine] = read(rows[mine])
    # Whoever writes JSON in another way may still mean the same.
    for row in np.flatnonzero(~sound & ~framed).tolist():
        occurred[row] = _parsed(values[row])
        sound[row] = occurred[row] > 0
    return Envelopes(sound, occurred)


def _json(rows: Rows) -> Times:
    length = (rows[:, _KIND : _KIND + _LONGEST_KIND] == ord('"')).argmax(axis=1)
    return _by_length(rows, length, _KIND, _digits)


def _framed_json(rows: Rows) -> Times:
    return _json(np.ascontiguousarray(rows[:, FRAME:]))


def _avro(rows: Rows) -> Times:
    # Lengths and times are zigzag: twice the number, if it is not negative.
    sound, twice = _by_length(rows, rows[:, _AVRO_LENGTH] >> 1, _AVRO_LENGTH + 1, _varint)
    return sound, twice >> 1


def _protobuf(rows: Rows) -> Times:
    # A time has its field's number before it.
    return _by_length(rows, rows[:, _PROTOBUF_LENGTH], _PROTOBUF_LENGTH + 2, _varint)


def _by_length(rows: Rows, length: NDArray[np.integer], begin: int, read: Callable[[Rows], Times]) -> Times:
    """What stands behind kinds of several lengths, which begin at one place."""
    sound, occurred = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.int64)
    length = np.minimum(length, _LONGEST_KIND)
    for long in np.flatnonzero(np.bincount(length)).tolist():
        mine = np.flatnonzero(length == long)
        sound[mine], occurred[mine] = read(rows[mine, begin + long : begin + long + _SPAN])
    return sound, occurred


def _digits(span: Rows) -> Times:
    digits = span[:, len(_BEFORE_TIME) : len(_BEFORE_TIME) + _DIGITS] - np.uint8(ord("0"))
    sound = _is(span, 0, _BEFORE_TIME) & (span[:, _SPAN - 1] == ord(",")) & (digits.max(axis=1) <= 9)
    return sound, np.where(sound, digits @ _TENS, 0).astype(np.int64)


def _varint(span: Rows) -> Times:
    octets = span[:, :_VARINT].astype(np.int64)
    sound = (octets[:, :-1] >= 0x80).all(axis=1) & (octets[:, -1] < 0x80)
    return sound, ((octets & 0x7F) << (7 * np.arange(_VARINT))).sum(axis=1)


def _is(rows: Rows, at: int, text: bytes) -> NDArray[np.bool_]:
    narrow = np.ascontiguousarray(rows[:, at : at + len(text)]).view(f"V{len(text)}")[:, 0]
    return np.asarray(narrow == np.void(text))


def _parsed(value: bytes | None) -> int:
    """When a record of JSON says that it happened; 0 if it does not say so as a whole number."""
    try:
        occurred = orjson.loads(value or b"")["occurred_at"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return 0
    return occurred if isinstance(occurred, int) and 0 < occurred < 2**62 else 0
