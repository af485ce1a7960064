"""Parts: what became of the records of each shard, on each partition of each topic."""

from collections import defaultdict

from streams.watch.audit import DeliveryAudit
from streams.watch.verdict import Part

__all__ = ["judged_parts"]

_COUNTED = ("audited", "duplicated", "reordered", "late")


def judged_parts(audit: DeliveryAudit) -> list[Part]:
    """A part for each shard, topic and partition that a shard has told of or that was read; by their names."""
    published = {
        (tag, shard, told.topic, told.partition): (told.count, told.digest)
        for (tag, shard), progress in audit.ledger.shards.items()
        for told in progress.published
    }
    keys = set(published)
    for tag, shard in audit.ledger.shards:
        keys |= {(tag, shard, topic, partition) for topic, partition in audit.parts}
    found: dict[tuple[str, str, int], Part] = {}
    rows = defaultdict(list)
    for tag, shard, topic, partition in sorted(keys):
        count, digest = published.get((tag, shard, topic, partition), (0, 0))
        read = _read(audit, tag, shard, topic, partition)
        if count or any(read.values()):
            rows[shard, topic, partition].append((count, digest, read))
    for key, parts in rows.items():
        count = sum(count for count, _, _ in parts)
        total = {name: sum(read[name] for _, _, read in parts) for name in _COUNTED}
        intact = all(digest == read["digest"] for _, digest, read in parts)
        missing = max(0, count - total["audited"])
        shard, topic, partition = key
        found[key] = Part(
            shard,
            topic,
            partition,
            published=count,
            audited=total["audited"],
            missing=missing,
            duplicated=total["duplicated"],
            reordered=total["reordered"],
            late=total["late"],
            intact=intact,
        )
    return [found[key] for key in sorted(found)]


def _read(audit: DeliveryAudit, tag: str, shard: str, topic: str, partition: int) -> dict[str, int]:
    index, shards = map(int, shard.split("/"))
    part = audit.parts.get((topic, partition))
    tally = part.tallies.get(int(tag or "0", 16)) if part else None
    if tally is None:
        return dict.fromkeys((*_COUNTED, "digest"), 0)
    return tally.of_shard(index, shards)
