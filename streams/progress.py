"""Progress: what a shard says that it has published: proof for a reader, and a place to go on from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CheckpointAddress", "Progress", "Published", "SourceNext"]

_TAG = slice(0, 4)
_NUMBER = slice(11, 23)


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


class CheckpointAddress(BaseModel):
    """Where the state of a shard's world lies, as it was before a tick."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tick: int = Field(ge=0)
    uri: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Progress(BaseModel):
    """One progress record of a shard, cumulative since the shard's start."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: str = ""
    kind: Literal["progress", "closed"]
    shard: str = Field(pattern=r"^\d+/\d+$")
    tick: int = Field(ge=0)
    """The tick that was being sent."""
    rows: dict[str, int] = Field(default_factory=dict)
    """How many records of that tick were sent, by topic."""
    at: int
    """Simulated time, epoch milliseconds: everything that leaves before it was sent."""
    published: tuple[Published, ...]
    sources: tuple[SourceNext, ...] = ()
    numbered: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    """By topic, the same in short: the numbers after the last of sources i, i + n, i + 2n … of shard i of n."""
    checkpoint: CheckpointAddress | None = None
    """The newest checkpoint that is not ahead of ``tick``."""
    fingerprint: dict[str, str] = Field(default_factory=dict)
    """What must be the same to go on from here, by name."""

    lateness: dict[str, float] = Field(default_factory=dict)
    """How much later than intended records left since the record before, ms by quantile; empty if none was paced."""

    @property
    def closed(self) -> bool:
        """True for a record that its shard ended with, after all others were acknowledged."""
        return self.kind == "closed"

    @property
    def tag(self) -> str:
        """Tag of the run's seed, as in every event id."""
        return self.event_id[_TAG]

    @property
    def number(self) -> int:
        """How many progress records the shard had written before this one."""
        digits = self.event_id[_NUMBER]
        return int(digits) if digits.isdigit() else 0

    @property
    def count(self) -> int:
        """Records published so far."""
        return sum(part.count for part in self.published)
