"""Intake: chunks of the feed into the audit."""

import numpy as np
from numpy.typing import NDArray

from streams.delivery import TOPIC_LETTERS
from streams.watch.audit import DeliveryAudit
from streams.watch.envelope import WIDTH, Envelopes, read_envelopes
from streams.watch.feed import Chunk
from streams.watch.heads import Heads, read_heads
from streams.watch.octets import first_bytes
from streams.watch.planted import read_labels

__all__ = ["AUDIT_TOPIC", "SOURCE_TOPICS", "take", "take_progress"]

SOURCE_TOPICS = ("catalog", "audience", "journeys", "content", "truth")
AUDIT_TOPIC = "audit"
LARGE = 65_536
"""Bytes from which a record counts as oversized: a consumer would have to make room for it."""


def take(audit: DeliveryAudit, chunk: Chunk) -> tuple[Heads, NDArray[np.bool_]]:
    """Audit the records of a source topic; returns their heads, and which came for the first time."""
    first = first_bytes(chunk.values, WIDTH)
    envelopes = read_envelopes(chunk.values, first=first)
    heads = read_heads(chunk.values, TOPIC_LETTERS[chunk.topic], chunk.endings, first=first)
    fresh = np.zeros(len(chunk), dtype=np.bool_)
    rows = np.flatnonzero(heads.readable)
    columns = (
        column[rows] for column in (chunk.offsets, heads.tag, heads.source, heads.number, chunk.timestamps)
    )
    fresh[rows] = audit.observe(chunk.topic, chunk.partition, *columns)
    if heads.tombstone.any():
        _take_tombstones(audit, chunk, heads, fresh)
    if not (known := heads.readable | heads.tombstone).all():
        audit.unreadable(chunk.topic, chunk.partition, chunk.offsets[~known])
    _examine(audit, chunk, heads, envelopes, fresh)
    if chunk.topic == "truth" and (told := heads.of_kind(["mess"]) & fresh).any():
        for labels in read_labels(chunk.lines(np.flatnonzero(told).tolist())):
            audit.plant(labels)
    return heads, fresh


def _take_tombstones(audit: DeliveryAudit, chunk: Chunk, heads: Heads, fresh: NDArray[np.bool_]) -> None:
    nameless = int(np.count_nonzero(heads.tombstone & ~heads.readable))
    count = int(np.count_nonzero(heads.tombstone))
    audit.tombstones(chunk.topic, chunk.partition, count, nameless=nameless)
    _note(audit, "ended", chunk, heads, heads.tombstone & fresh)


def _examine(
    audit: DeliveryAudit, chunk: Chunk, heads: Heads, envelopes: Envelopes, fresh: NDArray[np.bool_]
) -> None:
    """Look whether the records that are read for the first time are as large, and say the time, that they should."""
    has_value = fresh & ~heads.tombstone
    if max(map(len, filter(None, chunk.values)), default=0) >= LARGE:
        large = [value is not None and len(value) >= LARGE for value in chunk.values]
        _note(audit, "large", chunk, heads, has_value & large)
    violating = has_value & ~envelopes.sound
    if violating.any():
        audit.violating(chunk.topic, chunk.partition, chunk.offsets[violating])
        _note(audit, "violating", chunk, heads, violating)
    _note(
        audit, "skewed", chunk, heads, has_value & envelopes.sound & (envelopes.occurred != chunk.timestamps)
    )


def _note(audit: DeliveryAudit, evidence: str, chunk: Chunk, heads: Heads, which: NDArray[np.bool_]) -> None:
    if which.any():
        audit.note(evidence, chunk.topic, heads.tag[which], heads.source[which], heads.number[which])


def take_progress(audit: DeliveryAudit, chunk: Chunk) -> None:
    """Take what the shards say; a record that is no progress record is counted as corrupted."""
    good = np.array([audit.ledger.read(value) for value in chunk.values], dtype=np.bool_)
    audit.unreadable(chunk.topic, chunk.partition, chunk.offsets[~good])
