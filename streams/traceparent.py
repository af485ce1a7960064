"""Trace context of records (W3C Trace Context, level 1): who caused what, from the event to its assets.

Ids are hashes of the event id, so that a repeat of a record has the trace of the first, whatever process made it.
"""

import re

import numpy as np
from numpy.typing import NDArray

from sim.numbering import TOPIC_LETTERS
from sim.seeds import GOLDEN, digest64, scrambled
from streams.delivery import digests, parse_event_ids

__all__ = ["TRACEPARENT", "child", "of_event", "traceparents"]

TRACEPARENT = "traceparent"
"""Name of the header."""
_FORM = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_ID = re.compile(r"([0-9a-f]{4})([a-z])\d{5}-\d{12}")
_HEX = np.array([f"{octet:02x}".encode() for octet in range(256)], dtype="S2").view("<u2")
_SAMPLED = b"01"
_TOPICS = {letter: topic for topic, letter in TOPIC_LETTERS.items()}


def traceparents(tag: str, topic: str, source: NDArray[np.int64], number: NDArray[np.int64]) -> list[bytes]:
    """The trace context of each event, given the parts of its id: version, trace id, span id, sampled.

    >>> traceparents("7f3a", "content", np.array([12]), np.array([5]))[0][:3]
    b'00-'
    """
    words = np.empty((len(source), 3), dtype=np.uint64)
    words[:, 0] = scrambled(digests(source, number) ^ np.uint64(digest64("trace", tag, topic)))
    words[:, 1] = scrambled(words[:, 0] + GOLDEN)
    words[:, 2] = scrambled(words[:, 1] + GOLDEN)
    hexadecimal = _HEX[words.astype(">u8").view(np.uint8).reshape(len(source), 24)].view(np.uint8)
    rows = np.empty((len(source), 55), dtype=np.uint8)
    rows[:] = np.frombuffer(b"00-" + bytes(32) + b"-" + bytes(16) + b"-" + _SAMPLED, dtype=np.uint8)
    rows[:, 3:35], rows[:, 36:52] = hexadecimal[:, :32], hexadecimal[:, 32:]
    found: list[bytes] = rows.view("S55")[:, 0].tolist()
    return found


def of_event(event_id: str) -> bytes | None:
    """The trace context that an event has, by its id; None if it is no event id.

    >>> of_event("7f3ac00012-000000000005") == traceparents("7f3a", "content", np.array([12]), np.array([5]))[0]
    True
    """
    form = _ID.fullmatch(event_id)
    if not form or form[2] not in _TOPICS:
        return None
    source, number = parse_event_ids([event_id.encode()])
    return traceparents(form[1], _TOPICS[form[2]], source, number)[0]


def child(parent: bytes, name: str) -> bytes | None:
    """The context of what was done because of ``parent``: its trace, a span of its own; None if it is malformed.

    >>> child(b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01", "enrich")[:36] == b"00-" + b"a" * 32 + b"-"
    True
    """
    form = _FORM.fullmatch(parent)
    if not form:
        return None
    span = digest64("span", parent.decode(), name) or 1
    return b"00-%s-%016x-%s" % (form[1], span, form[2])
