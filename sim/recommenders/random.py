"""Random: any items of the region, every one with the same probability."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.recommenders.recommender import Panels, SlateRequests, Slates, Solo
from sim.seeds import GOLDEN, scrambled

__all__ = ["Random", "UniformPolicy"]

# Far from the purposes for which a viewer's walk and other policies use the same bits.
_PURPOSE = 2**22


class Random(Solo):
    """Items drawn uniformly without replacement from all that a region has: every rank shows each of n with 1/n.

    >>> from sim.testing import tiny_scenario
    >>> from sim.world import World
    >>> policy = World(tiny_scenario(recommender={"kind": "random"})).policy
    >>> asked = SlateRequests(viewer=np.array([1]), region=np.array([0]), at=np.array([0]),
    ...                       bits=np.array([7], np.uint64), size=16, recent=np.empty((1, 0), np.int32))
    >>> float((policy.answer(asked).propensity[0, 0] * 200).round(3))
    1.0
    """

    kind: Literal["random"] = "random"

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "UniformPolicy":
        """The policy on a catalogue."""
        return UniformPolicy(catalog, regions=regions, size=size)


class UniformPolicy:
    """Uniform slates: drawn anew where an item came twice, or by shuffling where that would be often."""

    def __init__(self, catalog: Catalog, *, regions: int, size: int) -> None:
        self.catalog, self.size = catalog, size
        self._items = [np.empty(0, dtype=np.int32)] * regions

    def refresh(self, now: int) -> None:
        """Take what each region has now."""
        self._items = [self.catalog.available(region, now)[0] for region in range(len(self._items))]
        fewest = min(map(len, self._items))
        if fewest < self.size:
            raise ValueError(f"{fewest} items available in a region cannot fill a slate of {self.size}")

    def answer(self, requests: SlateRequests) -> Slates:
        """Distinct items at random."""
        items = np.empty((len(requests), self.size), dtype=np.int32)
        for region, here in enumerate(self._items):
            rows = np.flatnonzero(requests.region == region)
            items[rows] = here[_distinct(requests.bits[rows], self.size, len(here))]
        propensity = (1 / self._counts(requests))[:, None].astype(np.float32)
        return Slates(
            items,
            np.repeat(propensity, self.size, axis=1),
            np.zeros(len(items), dtype=np.uint8),
        )

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """One over how many items the region has, or 0."""
        here = np.zeros((len(self._items), len(self.catalog)), dtype=np.bool_)
        for region, known in enumerate(self._items):
            here[region, known] = True
        return here[requests.region[:, None], items] / self._counts(requests)[:, None]

    def _counts(self, requests: SlateRequests) -> NDArray[np.float64]:
        return np.array([len(here) for here in self._items], dtype=np.float64)[requests.region]


def _distinct(bits: NDArray[np.uint64], size: int, count: int) -> NDArray[np.int64]:
    # Uniform ordered samples of `size` places out of `count` without replacement.
    if count < size * size:
        keys = _words(bits, 0, count)
        return np.argsort(keys, axis=1, kind="stable")[:, :size]
    places, doubtful, attempt = np.empty((len(bits), size), dtype=np.int64), np.arange(len(bits)), 0
    while len(doubtful):
        drawn = (_words(bits[doubtful], attempt, size) >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)
        places[doubtful] = drawn
        ordered = np.sort(drawn, axis=1)
        doubtful = doubtful[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        attempt += 1
    return places


def _words(bits: NDArray[np.uint64], attempt: int, count: int) -> NDArray[np.uint64]:
    first = _PURPOSE + attempt * 4096
    return scrambled(bits[:, None] + np.arange(first, first + count, dtype=np.uint64) * GOLDEN)
