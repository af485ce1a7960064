"""Progress of the shards: what each says that it has published, from the topic ``audit``."""

from collections import defaultdict
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Ledger", "Progress", "Published", "SourceNext"]

_TAG = slice(0, 4)


class Published(BaseModel):
    """What a shard has published to one partition since its start."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: str
    partition: int = Field(ge=0)
    count: int = Field(ge=0)
    digest: int = Field(ge=0, lt=2**64)
    """Sum of :func:`streams.delivery.digests` modulo 2**64."""


class SourceNext(BaseModel):
    """How many records a source has emitted on a topic; they are numbered from 0."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: str
    source: int = Field(ge=0)
    next: int = Field(ge=0)


class Progress(BaseModel):
    """One progress record of a shard, cumulative since the shard's start."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str = ""
    kind: Literal["progress", "closed"]
    shard: str = Field(pattern=r"^\d+/\d+$")
    tick: int = Field(ge=0)
    at: int
    """Simulated time of the tick's end, epoch milliseconds."""
    published: tuple[Published, ...]
    sources: tuple[SourceNext, ...] = ()

    @property
    def closed(self) -> bool:
        """True for the last record of a run, written after all others were acknowledged."""
        return self.kind == "closed"

    @property
    def tag(self) -> str:
        """Tag of the run's seed, as in every event id."""
        return self.event_id[_TAG]


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
        if known is None or (progress.tick, progress.closed) >= (known.tick, known.closed):
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
        if not self.shards or not all(shard.sources or not shard.published for shard in self.shards.values()):
            return None
        found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for progress in self.shards.values():
            for part in progress.sources:
                found[part.topic, progress.tag][part.source] = part.next
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
