"""A recommender behind an HTTP address."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.durations import Duration
from sim.recommenders.popularity import Popularity
from sim.recommenders.recommender import AnySolo, Panels, Recommender
from streams.loadtest.batches import Batching
from streams.loadtest.target import parse_target
from streams.recommenders.dialect import Native, mapped
from streams.recommenders.live_slates import LiveSlates, Wire

__all__ = ["Http"]


class Http(Recommender):
    """A service that answers slate requests by HTTP; what it answers late or wrongly comes from the fallback.

    At a finite speed requests leave at their own times and are heard a step of the clock later: give the scenario a
    short one (``tick: 100ms``). At full speed each step waits for its answers.

    >>> Http(url="http://127.0.0.1:8080/recommend", deadline="300ms").policies
    ('http', 'fallback.popularity')
    """

    kind: Literal["http"] = "http"
    url: str = Field(default="http://127.0.0.1:8080/recommend", pattern="^https?://")
    """Where requests are posted."""
    deadline: Duration = Field(default=500, gt=0)
    """When an answer comes too late, reckoned from the sending of its message."""
    window: Duration = Field(default=10, ge=0)
    """How long requests are gathered for one message."""
    batch: int = Field(default=64, ge=1, le=10_000)
    """Most requests in a message."""
    connections: int = Field(default=256, ge=1, le=10_000)
    """Most connections at a time."""
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
        target = parse_target(self.url, connections=self.connections)
        dialect = Native() if self.mapping is None else mapped(Path(self.mapping))
        batching = Batching(self.window / 1000, self.batch) if dialect.gathers else Batching()
        wire = Wire(target.transport, dialect, self.deadline / 1000, batching, self.candidates)
        fallback = self.fallback.open(catalog, regions=regions, size=size, panels=panels)
        return LiveSlates(catalog, size, wire, fallback)
