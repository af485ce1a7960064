"""Learners: policies that rank for a viewer what a panel has taught them, and explore."""

from abc import abstractmethod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.recommenders.exploration import Exploration
from sim.recommenders.recommender import Observed, Panel, Panels, SlateRequests, Slates, Solo

__all__ = ["ExploringPolicy", "Learner", "PanelLearner", "Ranker"]


class Ranker(Protocol):
    """What a policy has learnt: the best items for a viewer, without chance.

    ``at_once`` is how many requests it is given at a time, so that their scores stay in the processor's cache.
    """

    at_once: int

    def learn(self, observed: Observed, available: list[NDArray[np.int32]], items: int) -> None:
        """Learn from what the panel did further; ``available`` is what each region has, out of so many items."""

    def best(self, requests: SlateRequests) -> NDArray[np.int32]:
        """The best distinct items of the region for each request, in order (requests × ranks)."""


class PanelLearner(Solo):
    """A recommender that learns from a panel."""

    panel: int = Field(default=2000, ge=16, le=1_000_000)
    """Viewers in the panel from which it learns: a small audience that every shard acts out for itself."""
    history: float = Field(default=3.0, ge=0, le=1000)
    """Visits of the mean viewer of the panel before the run, from which it has learnt when the run begins."""


class Learner(PanelLearner):
    """A recommender that ranks by what it has learnt and shows something else now and then."""

    explore: float = Field(default=0.1, ge=0, le=1)
    """Probability with which a rank explores: 0 never shows anything but what is thought best."""

    @abstractmethod
    def ranker(self, *, regions: int, size: int, seed: int) -> Ranker:
        """What learns, before it has seen anything."""

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "ExploringPolicy":
        """The policy, with its panel."""
        ranker = self.ranker(regions=regions, size=size, seed=catalog.seed)
        exploration = Exploration(self.explore, regions=regions, size=size, seed=catalog.seed)
        policy = ExploringPolicy(catalog, ranker, exploration, regions)
        policy.panel = panels.seated(policy, viewers=self.panel, history=self.history)
        return policy


class ExploringPolicy:
    """A ranker that learns from a panel at every refresh, with exploration over all that a region has."""

    panel: Panel

    def __init__(self, catalog: Catalog, ranker: Ranker, exploration: Exploration, regions: int) -> None:
        self.catalog, self.ranker, self.exploration, self.regions = catalog, ranker, exploration, regions

    def refresh(self, now: int) -> None:
        """Learn what the panel did until now, and take what each region has now."""
        observed = self.panel.until(now)
        available = [self.catalog.available(region, now)[0] for region in range(self.regions)]
        self.exploration.stock(available, len(self.catalog))
        self.ranker.learn(observed, available, len(self.catalog))

    def answer(self, requests: SlateRequests) -> Slates:
        """The best of each rank, or now and then something else."""
        return self.exploration.slates(requests, self._best(requests))

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Probability of each item at its rank."""
        return self.exploration.propensities(requests, self._best(requests), items)

    def _best(self, requests: SlateRequests) -> NDArray[np.int32]:
        step = self.ranker.at_once
        parts = (slice(first, first + step) for first in range(0, max(len(requests), 1), step))
        return np.concatenate([self.ranker.best(requests.rows(part)) for part in parts])
