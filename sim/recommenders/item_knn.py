"""Item-based nearest neighbours: what the same viewers picked."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.recommenders.charts import Charts
from sim.recommenders.learner import Learner
from sim.recommenders.neighbours import neighbours
from sim.recommenders.recommender import Observed, SlateRequests
from sim.recommenders.tally import best_of, flagged, tallied

__all__ = ["ItemKNN"]

_KEPT = 250_000


class ItemKNN(Learner):
    """Items whose pickers also picked what this viewer picked last (Sarwar et al. 2001; shrunk cosine).

    Every item keeps its nearest neighbours by sim(i, j) = n(i, j) / (√(n(i)·n(j)) + shrink) over the panel's picks.
    An item's score for a viewer is the sum of its similarities to the last picks, older ones counting less. What the
    viewer has just picked comes last, and what has no score follows the panel's charts.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> world = World(tiny_scenario(recommender={"kind": "item_knn", "panel": 100}))
    >>> asked = SlateRequests(viewer=np.array([1]), region=np.array([0], np.uint8), at=np.array([0]),
    ...                       bits=np.array([7], np.uint64), size=16, recent=np.array([[3, 8]], np.int32))
    >>> world.policy.answer(asked).items.shape
    (1, 16)
    """

    kind: Literal["item_knn"] = "item_knn"
    neighbours: int = Field(default=12, ge=1, le=256)
    """Neighbours that every item keeps."""
    remembered: int = Field(default=6, ge=1, le=64)
    """How many of a viewer's last picks count."""
    fading: float = Field(default=0.85, gt=0, le=1)
    """How much the next older pick counts, against the one after it."""
    shrink: float = Field(default=5.0, ge=0, le=1000)
    """What makes rare coincidences count less."""

    def ranker(self, *, regions: int, size: int, seed: int) -> "_NeighbourRanker":
        """Neighbours, before anything was picked."""
        return _NeighbourRanker(self, regions, size)


class _NeighbourRanker:
    at_once = 512

    def __init__(self, settings: ItemKNN, regions: int, size: int) -> None:
        self.settings, self.size = settings, size
        self._charts = Charts()
        self._picks = np.empty((2, 0), dtype=np.int64)
        self._near = np.zeros((0, settings.neighbours), dtype=np.int64)
        self._likeness = np.zeros((0, settings.neighbours), dtype=np.float32)
        self._here = np.zeros((regions, 0), dtype=np.bool_)
        self._favourites = np.zeros((regions, 0), dtype=np.int64)

    def learn(self, observed: Observed, available: list[NDArray[np.int32]], items: int) -> None:
        """Count further picks, find every item's neighbours anew, and rank each region's charts."""
        picked = observed.picked
        self._charts.add(picked)
        if len(picked.item) or not len(self._near):
            self._picks = np.concatenate([self._picks, [picked.viewer, picked.item]], axis=1)[:, -_KEPT:]
            keep, shrink = self.settings.neighbours, self.settings.shrink
            self._near, self._likeness = neighbours(*self._picks, items=items, keep=keep, shrink=shrink)
        self._here = np.zeros((len(available), items), dtype=np.bool_)
        for region, here in enumerate(available):
            self._here[region, here] = True
        count = min(self.size + self.settings.remembered, *map(len, available))
        self._favourites = np.stack([self._charts.ranked(here)[:count] for here in available]).astype(
            np.int64
        )

    def best(self, requests: SlateRequests) -> NDArray[np.int32]:
        """The items most like what each viewer picked last."""
        recent = requests.recent[:, : self.settings.remembered].astype(np.int64)
        count, depth = recent.shape
        region = requests.region.astype(np.int64)[:, None]
        known = (recent >= 0) & (recent < len(self._near))
        fading = np.float32(self.settings.fading) ** np.arange(depth, dtype=np.float32)
        recent = np.where(known, recent, 0)
        near = self._near[recent].reshape(count, depth * self._near.shape[1])
        score = self._likeness[recent] * (fading * known)[:, :, None]
        score = score.reshape(near.shape) * self._here[region, near]
        charts = self._favourites[requests.region]
        # A place in the charts counts less than the faintest likeness, and decides where there is none.
        place = np.arange(charts.shape[1], 0, -1, dtype=np.float32) * np.float32(1e-6)
        here = known & self._here[region, recent]
        keys = np.concatenate(
            [
                tallied(near, score),
                tallied(charts, np.broadcast_to(place, charts.shape)),
                np.where(here, flagged(recent), 0),
            ],
            axis=1,
        )
        return best_of(keys, self.size)
