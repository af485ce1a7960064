"""A recommender behind a pair of Kafka topics."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.durations import Duration
from sim.recommenders.popularity import Popularity
from sim.recommenders.recommender import AnySolo, Panels, Recommender
from streams.loadtest.batches import Batching
from streams.loadtest.target import parse_target
from streams.recommenders.dialect import Single, mapped
from streams.recommenders.live_slates import LiveSlates, Wire

__all__ = ["Kafka"]


class Kafka(Recommender):
    """A service that reads slate requests from one topic and writes slates to another, one a record.

    >>> Kafka(requests="slates.asked", responses="slates.answered").policies
    ('kafka', 'fallback.popularity')
    """

    kind: Literal["kafka"] = "kafka"
    requests: str = Field(default="slate_requests", min_length=1)
    """Topic to which requests go."""
    responses: str = Field(default="slates", min_length=1)
    """Topic on which slates are found."""
    broker: str = Field(default="127.0.0.1:9092", pattern=r"^[^:,\s]+:\d+(,[^:,\s]+:\d+)*$")
    """Brokers, host:port, separated by commas."""
    deadline: Duration = Field(default=500, gt=0)
    """When an answer comes too late, reckoned from the sending of its message."""
    candidates: int | None = Field(default=None, ge=1, le=1000)
    """How many items are offered to choose from; by default none, and the service knows the catalogue."""
    mapping: str | None = None
    """File that maps another service's requests and answers (YAML); by default they follow Greenroom's contract."""
    fallback: AnySolo = Popularity()
    """Who answers when the service does not."""

    @property
    def policies(self) -> tuple[str, ...]:
        """Whether the service or the fallback filled the slate."""
        return (self.kind, f"fallback.{self.fallback.kind}")

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> LiveSlates:
        """The policy, not yet connected: until it is, the fallback answers."""
        target = parse_target(f"kafka:{self.requests},{self.responses}", broker=self.broker)
        dialect = Single() if self.mapping is None else mapped(Path(self.mapping))
        wire = Wire(target.transport, dialect, self.deadline / 1000, Batching(), self.candidates)
        fallback = self.fallback.open(catalog, regions=regions, size=size, panels=panels)
        return LiveSlates(catalog, size, wire, fallback)
