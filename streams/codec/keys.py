"""Record keys and the partition that each belongs to, as columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import EventBatch
from streams.codec import digits

__all__ = ["Keys", "keys_of", "murmur2", "partitions_of"]

_FIXED = {"user_id": ("u", 8), "item_id": ("t", 7)}
_USER_WIDTH, _NUMBER_WIDTH = 8, 5
_SESSION_WIDTH = _USER_WIDTH + _NUMBER_WIDTH + 2
_SEED = np.uint32(0x9747B28C)
_M = np.uint32(0x5BD1E995)


@dataclass(frozen=True)
class Keys:
    """The keys of some records in runs: the items of a slate follow each other and have one key."""

    heads: NDArray[np.bytes_]
    lengths: NDArray[np.int64]

    def partition(self, partitions: int) -> NDArray[np.int64]:
        """The partition of each record."""
        return np.repeat(partitions_of(self.heads, partitions), self.lengths)

    def objects(self) -> NDArray[np.object_]:
        """The key of each record as bytes; records of a run share one object."""
        return np.repeat(self.heads.astype(object), self.lengths)


def keys_of(batch: EventBatch, field: str) -> Keys:
    """The keys of a batch's records, by the field that keys their topic."""
    values = batch.columns[field]
    if any(each.name == field and each.type == "session" for each in batch.kind.fields):
        return Keys(_sessions(batch.columns["user_id"], values), np.ones(len(values), dtype=np.int64))
    if field not in _FIXED:
        texts = np.array([str(value).encode() for value in values], dtype=np.bytes_)
        return Keys(texts, np.ones(len(texts), dtype=np.int64))
    first = np.flatnonzero(np.diff(values, prepend=-1))
    return Keys(_numbered(*_FIXED[field], values[first]), np.diff(first, append=len(values)))


def _numbered(letter: str, count: int, values: NDArray[Any]) -> NDArray[np.bytes_]:
    rows = np.empty((len(values), count + 1), dtype=np.uint8)
    rows[:, 0] = ord(letter)
    targets = [digits.target(rows, 1 + offset, width) for offset, width in digits.parts(count)]
    digits.write(targets, values, count, digits.ZERO)
    return rows.view(f"S{count + 1}")[:, 0]


def _sessions(users: NDArray[Any], sessions: NDArray[Any]) -> NDArray[np.bytes_]:
    rows = np.empty((len(users), _SESSION_WIDTH), dtype=np.uint8)
    rows[:, : _USER_WIDTH + 1] = _numbered("s", _USER_WIDTH, users).view(np.uint8).reshape(len(users), -1)
    rows[:, _USER_WIDTH + 1 :] = (
        _numbered("-", _NUMBER_WIDTH, sessions).view(np.uint8).reshape(len(users), -1)
    )
    return rows.view(f"S{_SESSION_WIDTH}")[:, 0]


def partitions_of(keys: NDArray[np.bytes_], partitions: int) -> NDArray[np.int64]:
    """The partition of each key, as Kafka's default partitioner and every client that follows it chooses it."""
    return (murmur2(keys) & np.uint32(0x7FFFFFFF)).astype(np.int64) % partitions


def murmur2(keys: NDArray[np.bytes_]) -> NDArray[np.uint32]:
    """Austin Appleby's 32-bit MurmurHash2 with Kafka's seed.

    >>> int(murmur2(np.array([b"21"]))[0]) - 2**32
    -973932308
    """
    lengths = np.char.str_len(keys)
    hashed = np.zeros(len(keys), dtype=np.uint32)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        hashed[rows] = _murmur2(keys[rows].astype(f"S{max(length, 1)}"), int(length))
    return hashed


def _murmur2(keys: NDArray[np.bytes_], length: int) -> NDArray[np.uint32]:
    octets = np.ascontiguousarray(keys).view(np.uint8).reshape(len(keys), -1)[:, :length].astype(np.uint32)
    with np.errstate(over="ignore"):
        h: NDArray[Any] = np.full(len(keys), _SEED ^ np.uint32(length), dtype=np.uint32)
        whole = length - length % 4
        for i in range(0, whole, 4):
            k = octets[:, i] | octets[:, i + 1] << 8 | octets[:, i + 2] << 16 | octets[:, i + 3] << 24
            k *= _M
            k ^= k >> np.uint32(24)
            h = (h * _M) ^ (k * _M)
        for i in range(length - 1, whole - 1, -1):
            h ^= octets[:, i] << np.uint32(8 * (i - whole))
        if length % 4:
            h *= _M
        h ^= h >> np.uint32(13)
        h *= _M
        h ^= h >> np.uint32(15)
    return h
