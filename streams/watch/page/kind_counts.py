"""Counts of records by kind, from the heads of whole chunks."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

__all__ = ["KindCounts"]

_BITS = 12
_WORDS = 2
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_QUOTE = b'"'


class KindCounts:
    """How many records of each kind a topic has brought, counted without a step for each record.

    The first 16 bytes that follow ``"kind":"`` in a record are the same for all records of a kind. They are mixed into
    one of 4,096 places, where they are counted; the first record seen there names the kind.

    >>> counts = KindCounts()
    >>> kinds = np.array([b'play","occurred_at":17', b'like","occurred_at":18', b'play","occurred_at":19'], "S32")
    >>> counts.take("journeys", kinds)
    >>> counts.of("journeys")
    {'play': 2, 'like': 1}
    """

    def __init__(self) -> None:
        self._counts: dict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(1 << _BITS, dtype=np.int64))
        self._names: dict[str, dict[int, str]] = defaultdict(dict)

    def take(self, topic: str, kinds: NDArray[np.bytes_]) -> None:
        """Count records of one topic; ``kinds`` is what follows ``"kind":"`` in each, in 32 bytes."""
        places = place_of(kinds)
        counts = np.bincount(places, minlength=1 << _BITS)
        self._counts[topic] += counts
        names = self._names[topic]
        for place in np.flatnonzero(counts).tolist():
            if place not in names:
                names[place] = _name(bytes(kinds[int(np.argmax(places == place))]))

    def of(self, topic: str) -> dict[str, int]:
        """Records by kind, the most frequent first."""
        counts = self._counts[topic]
        named: Counter[str] = Counter()
        for place, name in self._names[topic].items():
            named[name] += int(counts[place])
        return {name: count for name, count in named.most_common() if name}


def place_of(kinds: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Where each kind is counted, 0 to 4,095."""
    words = (
        np.ascontiguousarray(kinds).view(np.uint64).reshape(len(kinds), kinds.dtype.itemsize // 8)[:, :_WORDS]
    )
    mixed = (words[:, 0] * _MIX[0]) ^ (words[:, 1] * _MIX[1])
    return (mixed >> np.uint64(64 - _BITS)).astype(np.int64)


def _name(head: bytes) -> str:
    return head.split(_QUOTE)[0].decode("utf-8", "replace")
