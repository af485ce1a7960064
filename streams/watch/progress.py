"""Progress of the shards: what each says that it has published, from the topic ``audit``."""

from collections import Counter, defaultdict

import orjson
from pydantic import ValidationError

from streams.progress import Progress

__all__ = ["Ledger"]


class Ledger:
    """The newest progress record of each shard, and their sums.

    >>> ledger = Ledger()
    >>> ledger.read(b'{"kind": "closed", "shard": "0/2", "tick": 3, "at": 9, "published": []}')
    True
    >>> ledger.missing_shards(), ledger.all_closed
    (['1/2'], False)
    """

    def __init__(self) -> None:
        self.shards: dict[tuple[str, str], Progress] = {}
        self.commits: Counter[tuple[str, int]] = Counter()
        """How often a shard told of more records of a (topic, partition): at most so many transactions ended there."""
        self._published: dict[tuple[str, int], tuple[int, int]] | None = None

    def read(self, value: bytes | None) -> bool:
        """Take a record of the topic ``audit``; False if it is not a progress record."""
        try:
            progress = Progress.model_validate(orjson.loads(value or b""))
        except (orjson.JSONDecodeError, ValidationError):
            return False
        self.take(progress)
        return True

    def take(self, progress: Progress) -> None:
        """Take a progress record; one that is older than what is known changes nothing."""
        key = (progress.tag, progress.shard)
        known = self.shards.get(key)
        if known is None or _age(progress) >= _age(known):
            before = {(part.topic, part.partition): part.count for part in known.published} if known else {}
            self.commits.update(
                place
                for part in progress.published
                if part.count > before.get(place := (part.topic, part.partition), 0)
            )
            self.shards[key] = progress
            self._published = None

    @property
    def published(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Count and digest by topic and partition, over all shards."""
        if self._published is None:
            self._published = self._sums()
        return self._published

    def _sums(self) -> dict[tuple[str, int], tuple[int, int]]:
        sums: dict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for progress in self.shards.values():
            for part in progress.published:
                count, digest = sums[part.topic, part.partition]
                sums[part.topic, part.partition] = count + part.count, (digest + part.digest) % 2**64
        return dict(sums)

    @property
    def sources(self) -> dict[tuple[str, str], dict[int, int]] | None:
        """The number after each source's last, by topic and tag; None unless every shard has told."""
        told = (one.sources or one.numbered or not one.published for one in self.shards.values())
        if not self.shards or not all(told):
            return None
        found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for progress in self.shards.values():
            for part in progress.sources:
                found[part.topic, progress.tag][part.source] = part.next
            shard, shards = map(int, progress.shard.split("/"))
            for topic, nexts in progress.numbered.items():
                for place, number in enumerate(nexts):
                    if number:
                        found[topic, progress.tag][shard + place * shards] = number
        return dict(found)

    def missing_shards(self) -> list[str]:
        """Shards that must exist, as others say "1/4", and have not reported."""
        known = {shard for _, shard in self.shards}
        totals = {shard.split("/")[1] for shard in known}
        wanted = [f"{index}/{total}" for total in sorted(totals) for index in range(int(total))]
        return [shard for shard in wanted if shard not in known]

    @property
    def open_shards(self) -> list[str]:
        """Shards that have reported and not closed."""
        return sorted(shard for (_, shard), progress in self.shards.items() if not progress.closed)

    @property
    def all_closed(self) -> bool:
        """True once every shard has closed, so that nothing more will come."""
        return bool(self.shards) and not self.open_shards and not self.missing_shards()

    @property
    def at(self) -> int | None:
        """Simulated time that every shard has reached, epoch milliseconds; None if one has not reported."""
        if not self.shards or self.missing_shards():
            return None
        return min(progress.at for progress in self.shards.values())


def _age(progress: Progress) -> tuple[int, int, bool]:
    """Where a record stands among those of its shard; a shard that closed may have been resumed."""
    return progress.number, progress.tick, progress.closed
