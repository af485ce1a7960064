"""Thompson sampling: items in proportion to how probably they are the best, position aware."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.recommenders.charts import Charts
from sim.recommenders.learner import PanelLearner
from sim.recommenders.recommender import Encounters, Panel, Panels, SlateRequests, Slates
from sim.seeds import Draws, rng_for

__all__ = ["Thompson", "ThompsonPolicy"]

# Far from the purposes for which a viewer's walk and other policies use the same bits.
_PURPOSE = 2**23


class Thompson(PanelLearner):
    """Beta-Bernoulli Thompson sampling under the position-based click model (Thompson 1933; Komiyama et al. 2017).

    An item of the pool has the posterior Beta(1 + picks, ``doubt`` + Σ γ(rank) over its impressions - picks), with
    γ(k) = k^-η the probability that rank k is looked at. At every refresh each region draws ``draws`` slates, each the
    ranking by one sample of all posteriors, and a request gets one of these slates at random. So the logged
    propensity, an item's share of these slates at its rank, is exact and no estimate.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> policy = World(tiny_scenario(recommender={"kind": "thompson", "panel": 100})).policy
    >>> asked = SlateRequests(viewer=np.array([1]), region=np.array([0]), at=np.array([0]),
    ...                       bits=np.array([7], np.uint64), size=16, recent=np.empty((1, 0), np.int32))
    >>> policy.answer(asked).items.shape
    (1, 16)
    """

    kind: Literal["thompson"] = "thompson"
    pool: int = Field(default=100, ge=1, le=100_000)
    """Items of a region that it tries: half the most picked, half the newest; never fewer than a slate has."""
    draws: int = Field(default=4096, ge=16, le=65_536)
    """Slates drawn for a region at every refresh."""
    doubt: float = Field(default=20.0, gt=0, le=1e6)
    """Second parameter of the prior: looks without a pick that a new item is thought to have had."""
    position_bias: float = Field(default=0.8, ge=0, le=3)
    """Exponent η of how much less the lower ranks are looked at."""

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "ThompsonPolicy":
        """The policy, with its panel."""
        policy = ThompsonPolicy(self, catalog, regions=regions, size=size)
        policy.panel = panels.seated(policy, viewers=self.panel, history=self.history)
        return policy


class ThompsonPolicy:
    """Tables of slates (regions × draws × ranks), each drawn from the posterior, and how often they show an item."""

    panel: Panel

    def __init__(self, settings: Thompson, catalog: Catalog, *, regions: int, size: int) -> None:
        self.settings, self.catalog, self.regions, self.size = settings, catalog, regions, size
        self._charts = Charts()
        self._picks = np.zeros((regions, 0), dtype=np.float64)
        self._looks = np.zeros((regions, 0), dtype=np.float64)
        self._items = np.zeros((regions, settings.draws, size), dtype=np.int32)
        self._propensity = np.zeros((regions, settings.draws, size), dtype=np.float32)

    def refresh(self, now: int) -> None:
        """Learn what the panel did until now, and draw each region's slates anew."""
        observed = self.panel.until(now)
        self._charts.add(observed.picked)
        count = len(self.catalog)
        examined = observed.shown.rank.astype(np.float64) ** -self.settings.position_bias
        self._looks = _grown(self._looks, observed.shown, examined, count)
        self._picks = _grown(self._picks, observed.picked, np.ones(len(observed.picked.item)), count)
        for region in range(self.regions):
            self._draw(region, now)

    def _draw(self, region: int, now: int) -> None:
        pool, settings = self._pool(region, now), self.settings
        picks, looks = self._picks[region, pool], self._looks[region, pool]
        rng = rng_for(self.catalog.seed, "thompson", region, now)
        unanswered = np.maximum(looks - picks, 0)
        sample = rng.beta(1 + picks, settings.doubt + unanswered, size=(settings.draws, len(pool)))
        place = np.argsort(-sample, axis=1, kind="stable")[:, : self.size]
        self._items[region] = pool[place]
        for rank in range(self.size):
            often = np.bincount(place[:, rank], minlength=len(pool)) / settings.draws
            self._propensity[region, :, rank] = often[place[:, rank]]

    def _pool(self, region: int, now: int) -> NDArray[np.int32]:
        items = self.catalog.available(region, now)[0]
        if len(items) < self.size:
            raise ValueError(f"{len(items)} items available in a region cannot fill a slate of {self.size}")
        count = min(max(self.settings.pool, self.size), len(items))
        newest = items[np.argsort(-self.catalog.available_from[items, region], kind="stable")][: count // 2]
        liked = self._charts.ranked(items[~np.isin(items, newest)])[: count - len(newest)]
        return np.sort(np.concatenate([newest, liked])).astype(np.int32)

    def answer(self, requests: SlateRequests) -> Slates:
        """One of the region's slates, at random."""
        place = (Draws.uniform_from(requests.bits, _PURPOSE) * self.settings.draws).astype(np.int64)
        place += requests.region.astype(np.int64) * self.settings.draws
        return Slates(
            self._items.reshape(-1, self.size).take(place, axis=0),
            self._propensity.reshape(-1, self.size).take(place, axis=0),
            np.zeros(len(place), dtype=np.uint8),
        )

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Share of the region's slates that have the item at the rank."""
        share = np.zeros((self.regions, self.size, len(self.catalog)))
        ranks = np.arange(self.size)
        for region in range(self.regions):
            share[region, ranks, self._items[region]] = self._propensity[region]
        told: NDArray[np.float64] = share[requests.region[:, None], ranks, items]
        return told


def _grown(
    table: NDArray[np.float64], met: Encounters, weight: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    # The table (regions × items) with weights added for further encounters, and room for new items.
    regions, known = table.shape
    counted = np.bincount(met.region * np.int64(count) + met.item, weight, regions * count)
    grown: NDArray[np.float64] = counted.astype(np.float64).reshape(regions, count)
    grown[:, :known] += table
    return grown
