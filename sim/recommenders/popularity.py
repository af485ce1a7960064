"""Popularity, by region, with exploration and exact propensities."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.recommenders.charts import Charts
from sim.recommenders.learner import PanelLearner
from sim.recommenders.recommender import Panel, Panels, SlateRequests, Slates
from sim.seeds import GOLDEN, scrambled

__all__ = ["ObservedPopularity", "Popularity", "StratifiedPopularity"]

_SLOTS = 4096
# Far from the purposes for which a viewer's walk uses the same bits, or a choice would depend on what is shown.
_PURPOSE = 2**20


class Popularity(PanelLearner):
    """What is popular in the viewer's region, stratified: rank k draws from the k-th band of the ranking.

    Items are ordered by popularity and cut into as many bands of about equal weight as the slate has ranks. Rank k
    shows one item of band k, with probability proportional to its popularity; that probability is the logged
    propensity, exact to the last slot of a lookup table.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> policy = World(tiny_scenario()).policy
    >>> bits = np.array([7], dtype=np.uint64)
    >>> asked = SlateRequests(viewer=np.array([1]), region=np.array([0]), at=np.array([0]), bits=bits, size=16,
    ...                       recent=np.empty((1, 0), np.int32))
    >>> policy.answer(asked).items.shape
    (1, 16)
    """

    kind: Literal["popularity"] = "popularity"
    temperature: float = Field(default=1.0, gt=0, le=10)
    """Above 1 shows rare items more often, below 1 the hits."""
    source: Literal["catalogue", "panel"] = "catalogue"
    """Whose popularity: that which the catalogue knows, or what a panel has picked of it until now."""

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "StratifiedPopularity":
        """The policy on a catalogue."""
        if self.source == "catalogue":
            return StratifiedPopularity(catalog, regions=regions, size=size, temperature=self.temperature)
        policy = ObservedPopularity(catalog, regions=regions, size=size, temperature=self.temperature)
        policy.panel = panels.seated(policy, viewers=self.panel, history=self.history)
        return policy


class StratifiedPopularity:
    """Lookup tables (regions × ranks × slots) from which a slate is one random slot a rank."""

    def __init__(self, catalog: Catalog, *, regions: int, size: int, temperature: float) -> None:
        self.catalog, self.regions, self.size, self.temperature = catalog, regions, size, temperature
        self._items = np.zeros((regions, size, _SLOTS), dtype=np.int32)
        self._propensity = np.zeros((regions, size, _SLOTS), dtype=np.float32)

    def refresh(self, now: int) -> None:
        """Rank each region's items by their popularity now."""
        for region in range(self.regions):
            items, weight = self.weights(region, now)
            order = np.argsort(-weight, kind="stable")
            self._fill(region, items[order], weight[order] ** (1 / self.temperature))

    def weights(self, region: int, now: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What a region has, and how popular each item is."""
        return self.catalog.available(region, now)

    def _fill(self, region: int, items: NDArray[np.int32], weight: NDArray[np.float64]) -> None:
        if len(items) < self.size:
            raise ValueError(f"{len(items)} items available in a region cannot fill a slate of {self.size}")
        passed = np.cumsum(weight) / weight.sum()
        # Band k ends where k/size of the weight is passed, and never before one item more than the band before it.
        ends = np.searchsorted(passed, np.arange(1, self.size) / self.size) + 1
        ranks = np.arange(1, self.size)
        ends = np.maximum.accumulate(np.maximum(ends - ranks, 0)) + ranks
        ends = np.minimum(ends, len(items) - (self.size - ranks))
        edges = np.concatenate([[0], ends, [len(items)]])
        for rank in range(self.size):
            band = slice(edges[rank], edges[rank + 1])
            slots = _apportioned(weight[band])
            self._items[region, rank] = np.repeat(items[band], slots)
            self._propensity[region, rank] = np.repeat(slots / _SLOTS, slots)

    def answer(self, requests: SlateRequests) -> Slates:
        """One slot of each rank's table, at random."""
        words = -(-requests.size // 4)
        step = np.arange(_PURPOSE, _PURPOSE + words, dtype=np.uint64) * GOLDEN
        bits = scrambled(requests.bits[:, None] + step)
        slot = bits.view(np.uint16)[:, : requests.size] >> np.uint16(4)
        row = requests.region.astype(np.int32)[:, None] * self.size + np.arange(self.size, dtype=np.int32)
        place = row * np.int32(_SLOTS) + slot
        return Slates(
            self._items.ravel().take(place),
            self._propensity.ravel().take(place),
            np.zeros(len(place), dtype=np.uint8),
        )

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Share of each item among the slots of its rank."""
        share = np.zeros((self.regions, self.size, len(self.catalog)))
        ranks = np.arange(self.size)[:, None]
        for region in range(self.regions):
            share[region, ranks, self._items[region]] = self._propensity[region]
        told: NDArray[np.float64] = share[requests.region[:, None], ranks[:, 0], items]
        return told


class ObservedPopularity(StratifiedPopularity):
    """Popularity as a panel shows it; an item that nobody has picked yet weighs half a pick."""

    panel: Panel

    def __init__(self, catalog: Catalog, *, regions: int, size: int, temperature: float) -> None:
        super().__init__(catalog, regions=regions, size=size, temperature=temperature)
        self._charts = Charts()

    def refresh(self, now: int) -> None:
        """Count what the panel picked until now, and rank each region's items by it."""
        self._charts.add(self.panel.until(now).picked)
        super().refresh(now)

    def weights(self, region: int, now: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What a region has, and how often each item was picked."""
        items, _ = self.catalog.available(region, now)
        return items, self._charts.counts(items) + 0.5


def _apportioned(weight: NDArray[np.float64]) -> NDArray[np.int64]:
    # Largest remainders: whole slots that sum to _SLOTS; an item too rare for one slot waits for a better day.
    exact = weight / weight.sum() * _SLOTS
    slots: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    missing = _SLOTS - int(slots.sum())
    slots[np.argsort(slots - exact, kind="stable")[:missing]] += 1
    return slots
