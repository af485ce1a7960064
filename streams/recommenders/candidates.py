"""Candidates: items of the viewer's region from which a service that re-ranks shall choose."""

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.seeds import scrambled
from streams.exits import UsageError

__all__ = ["Candidates"]


class Candidates:
    """Draws ``count`` different items for a request: neighbours on a ring in which the region's items are shuffled."""

    def __init__(self, catalog: Catalog, count: int) -> None:
        self.catalog, self.count = catalog, count
        self._names = np.empty(0, dtype=object)

    def names(self, region: int, now: int, bits: NDArray[np.uint64]) -> list[list[str]]:
        """The candidates of requests from one region, by their random bits."""
        ring = self._ring(region, now)
        if len(ring) < self.count:
            raise UsageError(
                f"--candidates {self.count} is more than the {len(ring)} items of region "
                f"{self.catalog.regions[region]!r}; ask for fewer, or enlarge catalog.items"
            )
        first = (scrambled(bits) % np.uint64(len(ring))).astype(np.int64)
        place = (first[:, None] + np.arange(self.count)) % len(ring)
        found: list[list[str]] = ring[place].tolist()
        return found

    def _ring(self, region: int, now: int) -> NDArray[np.object_]:
        catalog = self.catalog
        if len(self._names) < len(catalog):
            self._names = np.array([f"t{number:07d}" for number in range(len(catalog))], dtype=object)
        open_here = (catalog.available_from[:, region] <= now) & (catalog.available_until[:, region] > now)
        items = np.flatnonzero(open_here)
        ring: NDArray[np.object_] = self._names[items[np.argsort(scrambled(items.astype(np.uint64)))]]
        return ring
