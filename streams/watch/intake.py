"""Intake: chunks of the feed into the audit."""

import numpy as np
from numpy.typing import NDArray

from streams.delivery import TOPIC_LETTERS
from streams.watch.audit import DeliveryAudit
from streams.watch.feed import Chunk
from streams.watch.heads import Heads, read_heads

__all__ = ["AUDIT_TOPIC", "SOURCE_TOPICS", "take", "take_progress"]

SOURCE_TOPICS = ("catalog", "audience", "journeys", "content", "truth")
AUDIT_TOPIC = "audit"


def take(audit: DeliveryAudit, chunk: Chunk) -> tuple[Heads, NDArray[np.bool_]]:
    """Audit the records of a source topic; returns their heads, and which came for the first time."""
    heads = read_heads(chunk.values, TOPIC_LETTERS[chunk.topic], chunk.endings)
    fresh = np.zeros(len(chunk), dtype=np.bool_)
    rows = np.flatnonzero(heads.readable)
    columns = (
        column[rows] for column in (chunk.offsets, heads.tag, heads.source, heads.number, chunk.timestamps)
    )
    fresh[rows] = audit.observe(chunk.topic, chunk.partition, *columns)
    if tombstones := int(np.count_nonzero(heads.tombstone)):
        audit.tombstones(chunk.topic, chunk.partition, tombstones)
    if not (known := heads.readable | heads.tombstone).all():
        audit.unreadable(chunk.topic, chunk.partition, chunk.offsets[~known])
    return heads, fresh


def take_progress(audit: DeliveryAudit, chunk: Chunk) -> None:
    """Take what the shards say; a record that is no progress record is counted as corrupted."""
    good = np.array([audit.ledger.read(value) for value in chunk.values], dtype=np.bool_)
    audit.unreadable(chunk.topic, chunk.partition, chunk.offsets[~good])
