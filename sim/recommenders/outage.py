"""Outage: a recommender fails for a while, and another one stands in for it."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.durations import HOUR, Duration
from sim.recommenders.divided import Division
from sim.recommenders.popularity import Popularity
from sim.recommenders.recommender import AnySolo, Panels, Recommender, SlateRequests, Slates

__all__ = ["Outage", "OutagePolicy"]


class Outage(Recommender):
    """A recommender that answers nothing for a while; its fallback answers instead, and the log says so.

    >>> from sim.recommenders.recommender import RECOMMENDERS
    >>> RECOMMENDERS.parse({"kind": "outage", "at": "1h", "recommender": {"kind": "item_knn"}}).policies
    ('item_knn', 'fallback.popularity')
    """

    kind: Literal["outage"] = "outage"
    recommender: AnySolo
    """Who fails."""
    fallback: AnySolo = Popularity()
    """Who stands in."""
    at: Duration = Field(ge=0)
    """When it begins to fail, in simulated time after the start of the run."""
    lasts: Duration = Field(default=HOUR, gt=0)
    """How long it fails."""

    @property
    def policies(self) -> tuple[str, ...]:
        """The recommender's name, and its fallback's."""
        return (self.recommender.kind, f"fallback.{self.fallback.kind}")

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "OutagePolicy":
        """Both policies."""
        opened = [
            (recommender.open(catalog, regions=regions, size=size, panels=panels), 1)
            for recommender in (self.recommender, self.fallback)
        ]
        begin = catalog.start + self.at
        return OutagePolicy(Division.of(opened, size), begin, begin + self.lasts)


class OutagePolicy:
    """Two policies, of which the second answers from ``begin`` until ``end`` (epoch ms)."""

    def __init__(self, division: Division, begin: int, end: int) -> None:
        self.division, self.begin, self.end = division, begin, end

    def refresh(self, now: int) -> None:
        """Refresh both policies: what fails is answering."""
        self.division.refresh(now)

    def answer(self, requests: SlateRequests) -> Slates:
        """The slates, by whoever answers at the time of each request."""
        return self.division.answer(requests, self._failing(requests))

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Probability of each item at its rank, by whoever answers at the time."""
        return self.division.propensities(requests, items, self._failing(requests))

    def _failing(self, requests: SlateRequests) -> NDArray[np.int64]:
        failing: NDArray[np.int64] = ((requests.at >= self.begin) & (requests.at < self.end)).astype(np.int64)
        return failing
