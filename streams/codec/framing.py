"""Framing: the five bytes before a record that say which schema of a registry it follows (Confluent's wire format)."""

import struct

__all__ = ["FRAME", "framed_id", "framing", "unframed"]

_MAGIC = 0
_HEAD = struct.Struct(">bI")
FRAME = _HEAD.size
"""Bytes of the frame."""


def framing(schema_id: int) -> bytes:
    """The frame of records of a schema.

    >>> framing(258).hex()
    '0000000102'
    """
    return _HEAD.pack(_MAGIC, schema_id)


def framed_id(value: bytes) -> int | None:
    """The schema id of a record; None if it has no frame."""
    if len(value) <= FRAME or value[0] != _MAGIC:
        return None
    found: int = _HEAD.unpack_from(value)[1]
    return found


def unframed(value: bytes) -> bytes:
    """A record without its frame, if it has one."""
    return value[FRAME:] if value[:1] == b"\0" else value
