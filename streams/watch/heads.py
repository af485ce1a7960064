"""Heads of records: event id and kind, sliced out of the bytes without parsing them.

Every record begins ``{"event_id":"TTTTxSSSSS-NNNNNNNNNNNN","kind":"…"``, or with the same two fields in the format of
a registry's schema, so that the audit needs only the first bytes, and no registry. JSON written in another way (blanks,
another order of fields) is parsed record by record; what is no record at all is counted, never skipped in silence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import orjson
from numpy.typing import NDArray

from streams.codec.framing import FRAME, unframed
from streams.delivery import ID_WIDTH
from streams.watch.octets import first_bytes

__all__ = ["Heads", "read_heads"]

_BEFORE_ID = b'{"event_id":"'
_BEFORE_KIND = b'","kind":"'
_ID = slice(len(_BEFORE_ID), len(_BEFORE_ID) + ID_WIDTH)
_KIND = _ID.stop + len(_BEFORE_KIND)
_KIND_WIDTH = 32
_WIDTH = _KIND + _KIND_WIDTH
_READ = FRAME + _WIDTH
_QUOTE = ord('"')
_DIGITS = np.r_[5:10, 11:23]
_HEX_VALUE = np.full(256, -1, dtype=np.int64)
_HEX_VALUE[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16)
_TENS_SOURCE = 10 ** np.arange(4, -1, -1, dtype=np.float64)
_TENS_NUMBER = 10 ** np.arange(11, -1, -1, dtype=np.float64)


@dataclass(frozen=True)
class _Form:
    """How a binary format begins behind the frame: what stands before the event id, and before the kind's length."""

    before_id: bytes
    before_length: bytes
    length_shift: int

    @property
    def id(self) -> slice:
        return slice(self.length - len(self.before_length) - ID_WIDTH, self.length - len(self.before_length))

    @property
    def length(self) -> int:
        return FRAME + len(self.before_id) + ID_WIDTH + len(self.before_length)


_FORMS = (_Form(b"\x2e", b"", 1), _Form(b"\x00\x0a\x17", b"\x12", 0))
"""Avro, and Protobuf."""


@dataclass(frozen=True)
class Heads:
    """Columns of the heads of some records, a row each, in the order of the records.

    ``readable`` is False where no event id of the topic was found; the other columns mean nothing there. ``tombstone``
    is True where there is no value; the event id, if there is one, then comes from a header, and there is no kind.
    """

    readable: NDArray[np.bool_]
    tombstone: NDArray[np.bool_]
    tag: NDArray[np.int64]
    source: NDArray[np.int64]
    number: NDArray[np.int64]
    kinds: NDArray[np.bytes_]

    def __len__(self) -> int:
        return len(self.readable)

    def of_kind(self, kinds: Iterable[str]) -> NDArray[np.bool_]:
        """Which records are of one of these kinds."""
        found = np.zeros(len(self), dtype=np.bool_)
        for kind in kinds:
            quoted = kind.encode() + b'"'
            narrow = self.kinds.view(np.uint8).reshape(len(self), _KIND_WIDTH)[:, : len(quoted)]
            found |= np.ascontiguousarray(narrow).view(f"V{len(quoted)}")[:, 0] == np.void(quoted)
        return found & self.readable


def read_heads(
    values: Sequence[bytes | None],
    letter: str,
    endings: Mapping[int, bytes] = MappingProxyType({}),
    *,
    first: NDArray[np.uint8] | None = None,
) -> Heads:
    """Heads of the records of one topic, whose event ids bear its letter; ``endings`` are those of tombstones, by row.

    ``first`` are the first bytes of each (see :func:`.first_bytes`), if they are known; they are written over.

    >>> heads = read_heads([b'{"event_id":"7f3aj00012-000000104455","kind":"play"}', b"?"], "j")
    >>> heads.readable.tolist(), heads.of_kind(["play"]).tolist()
    ([True, False], [True, False])
    >>> int(heads.source[0]), int(heads.number[0])
    (12, 104455)
    """
    rows = _as_json((first_bytes(values, _READ) if first is None else first)[:, :_READ])
    odd = ~(_begins(rows, 0, _BEFORE_ID) & _begins(rows, _ID.stop, _BEFORE_KIND))
    tombstone = np.zeros(len(values), dtype=np.bool_)
    for row in np.flatnonzero(odd).tolist():
        tombstone[row] = values[row] is None
        head = _head(endings[row], b"") if row in endings else _parsed(values[row])
        rows[row] = np.frombuffer(head.ljust(_WIDTH, b"\0")[:_WIDTH], dtype=np.uint8)
    ids = rows[:, _ID]
    tag = _HEX_VALUE[ids[:, :4]]
    digits = ids[:, _DIGITS] - np.uint8(ord("0"))
    readable = (ids[:, 4] == ord(letter)) & (ids[:, 10] == ord("-")) & (digits.max(axis=1, initial=0) <= 9)
    return Heads(
        readable & (tag.min(axis=1, initial=15) >= 0),
        tombstone,
        tag @ np.array([4096, 256, 16, 1]),
        (digits[:, :5] @ _TENS_SOURCE).astype(np.int64),
        (digits[:, 5:] @ _TENS_NUMBER).astype(np.int64),
        np.ascontiguousarray(rows[:, _KIND:]).view(f"S{_KIND_WIDTH}")[:, 0],
    )


def _as_json(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The first bytes of records, those of other formats as they would be in JSON."""
    heads = rows[:, :_WIDTH]
    framed = np.flatnonzero(rows[:, 0] == 0)
    if not len(framed):
        return heads
    heads = heads.copy()
    its = rows[framed]
    text = _begins(its, FRAME, _BEFORE_ID)
    heads[framed[text]] = its[text, FRAME:]
    for form in _FORMS:
        here = _begins(its, FRAME, form.before_id) & _begins(its, form.id.stop, form.before_length)
        heads[framed[here]] = _rewritten(its[here], form)
    return heads


def _rewritten(rows: NDArray[np.uint8], form: _Form) -> NDArray[np.uint8]:
    found = np.zeros((len(rows), _WIDTH), dtype=np.uint8)
    found[:, : _ID.start] = np.frombuffer(_BEFORE_ID, dtype=np.uint8)
    found[:, _ID] = rows[:, form.id]
    found[:, _ID.stop : _KIND] = np.frombuffer(_BEFORE_KIND, dtype=np.uint8)
    length = np.minimum(rows[:, form.length] >> form.length_shift, _KIND_WIDTH - 1)
    kind = rows[:, form.length + 1 : form.length + _KIND_WIDTH]
    places = np.arange(_KIND_WIDTH - 1)
    found[:, _KIND : _KIND + _KIND_WIDTH - 1] = np.where(places < length[:, None], kind, 0)
    found[np.arange(len(rows)), _KIND + length] = _QUOTE
    return found


def _begins(rows: NDArray[np.uint8], at: int, text: bytes) -> NDArray[np.bool_]:
    if not text:
        return np.ones(len(rows), dtype=np.bool_)
    narrow = np.ascontiguousarray(rows[:, at : at + len(text)]).view(f"V{len(text)}")[:, 0]
    return np.asarray(narrow == np.void(text))


def _parsed(value: bytes | None) -> bytes:
    """The head that this record would have, had it been written as all others; empty if it has none."""
    try:
        record = orjson.loads(unframed(value or b""))
        event_id, kind = record["event_id"].encode(), record["kind"].encode()
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, UnicodeEncodeError):
        return b""
    return _head(event_id, kind)


def _head(event_id: bytes, kind: bytes) -> bytes:
    return _BEFORE_ID + event_id + _BEFORE_KIND + kind + b'"' if len(event_id) == ID_WIDTH else b""
