"""Searching: viewers who know what they want find it in the catalogue of their region."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog

__all__ = ["Finder"]


@dataclass(frozen=True)
class _Shelves:
    """Items of a region by genre, and their popularity passed from the first to each."""

    items: NDArray[np.int32]
    passed: NDArray[np.float64]
    edges: NDArray[np.int64]

    @classmethod
    def of(cls, catalog: Catalog, region: int, now: int) -> "_Shelves":
        items, weight = catalog.available(region, now)
        order = np.argsort(catalog.genre[items], kind="stable")
        edges = np.searchsorted(catalog.genre[items][order], np.arange(len(catalog.genres) + 1))
        return cls(items[order], np.concatenate([[0.0], np.cumsum(weight[order])]), edges)

    def taken(self, genre: NDArray[Any], uniform: NDArray[Any]) -> NDArray[np.int32]:
        first, last = self.passed[self.edges[genre]], self.passed[self.edges[genre + 1]]
        place = np.searchsorted(self.passed, first + uniform * (last - first), "right") - 1
        place = np.clip(place, self.edges[genre], np.maximum(self.edges[genre + 1] - 1, 0))
        return np.where(self.edges[genre + 1] > self.edges[genre], self.items[place], np.int32(-1))


@dataclass
class Finder:
    """Searches by genre: the genre by the viewer's taste, the item by its popularity in the viewer's region.

    The catalogue is looked at again every ``refresh`` milliseconds of simulated time, on the full.
    """

    checkpointed: ClassVar = ("_turn", "_size", "_centres")

    catalog: Catalog
    refresh: int
    _shelves: dict[int, _Shelves] = field(default_factory=dict)
    _size: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    _centres: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))
    _turn: int = -1

    def genres(self, taste: NDArray[Any], uniform: NDArray[Any], *, now: int) -> NDArray[np.int64]:
        """The genre that each viewer searches, with P ∝ its size × exp(taste · its mean trait)."""
        self._look(now)
        passed = np.cumsum(self._size * np.exp(np.clip(taste @ self._centres.T, -30, 30)), axis=1)
        genre: NDArray[np.int64] = (passed <= (uniform * passed[:, -1])[:, None]).sum(axis=1)
        return genre

    def found(
        self, region: NDArray[Any], genre: NDArray[np.int64], uniform: NDArray[Any], *, now: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The item that each viewer opens, or -1, and how many of the genre there are."""
        self._look(now)
        item, results = np.empty(len(region), dtype=np.int32), np.empty(len(region), dtype=np.int64)
        for code in np.unique(region).tolist():
            rows = np.flatnonzero(region == code)
            shelves = self._shelves_of(code)
            item[rows] = shelves.taken(genre[rows], uniform[rows])
            results[rows] = np.diff(shelves.edges)[genre[rows]]
        return item, results

    def _look(self, now: int) -> None:
        if now // self.refresh != self._turn:
            self._turn = now // self.refresh
            self._shelves.clear()
            # Not what was born since: shards that look later must see the same.
            there = self.catalog.born_at <= self._turn * self.refresh
            genres = (np.arange(len(self.catalog.genres))[:, None] == self.catalog.genre) & there
            self._size = genres.sum(axis=1)
            weight = genres / np.maximum(self._size, 1)[:, None]
            self._centres = weight.astype(np.float32) @ self.catalog.trait

    def _shelves_of(self, region: int) -> _Shelves:
        if region not in self._shelves:
            self._shelves[region] = _Shelves.of(self.catalog, region, self._turn * self.refresh)
        return self._shelves[region]
