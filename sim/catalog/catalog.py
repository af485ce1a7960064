"""The catalogue: one column for each attribute of an item, from birth to regional launch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.catalog.settings import CatalogSettings
from sim.durations import DAY
from sim.seeds import rng_for
from sim.shares import shares

__all__ = ["Catalog"]

_TASTE_IN_GENRE = 0.75


class Catalog:
    """Items in columns; an item's number is its place in them, and rows are only ever added.

    ``trait`` has one row an item: what tastes are compared with, its length the strength of that preference;
    ``quality`` is appeal to everyone; ``available_from`` has a column a region (epoch ms).
    """

    def __init__(
        self, settings: CatalogSettings, seed: int, *, start: int, regions: Sequence[str], dimensions: int
    ) -> None:
        self.settings, self.seed, self.start = settings, seed, start
        self.regions, self.dimensions = tuple(regions), dimensions
        self.genres, self.formats = tuple(settings.genres), tuple(settings.formats)
        rng = rng_for(seed, "catalog", "genres")
        self._centres = rng.standard_normal((len(self.genres), dimensions)) * dimensions**-0.5
        self.born_at = np.empty(0, dtype=np.int64)
        self.duration_ms = np.empty(0, dtype=np.int64)
        self.genre, self.format = np.empty((2, 0), dtype=np.uint8)
        self.creator = np.empty(0, dtype=np.int64)
        self.quality = np.empty(0, dtype=np.float32)
        self.trait = np.empty((0, dimensions), dtype=np.float32)
        self.available_from = np.empty((0, len(self.regions)), dtype=np.int64)
        self._stock()

    def __len__(self) -> int:
        return len(self.born_at)

    def _stock(self) -> None:
        count, settings = self.settings.items, self.settings
        rng = rng_for(self.seed, "catalog", "stock")
        # Ages spread over three years, denser toward the present, as a growing service's catalogue is.
        age = (rng.random(count) ** 1.5 * 3 * 365 * DAY).astype(np.int64)
        self.add(self.start - age, rng=rng)
        for launch in settings.launches:
            held_back = rng.choice(count, min(launch.items, count), replace=False)
            self.available_from[held_back, self.regions.index(launch.region)] = self.start + launch.at

    def add(self, born_at: NDArray[np.int64], *, rng: np.random.Generator) -> NDArray[np.int64]:
        """Add items born at the given times, available everywhere at once; returns their numbers."""
        first, count = len(self), len(born_at)
        genre = rng.choice(len(self.genres), count, p=shares(self.settings.genres)).astype(np.uint8)
        format_shares = shares({name: form.share for name, form in self.settings.formats.items()})
        form = rng.choice(len(self.formats), count, p=format_shares).astype(np.uint8)
        own = rng.standard_normal((count, self.dimensions)) * self.dimensions**-0.5
        trait = _TASTE_IN_GENRE * self._centres[genre] + (1 - _TASTE_IN_GENRE**2) ** 0.5 * own
        self.born_at = np.concatenate([self.born_at, born_at])
        self.genre = np.concatenate([self.genre, genre])
        self.format = np.concatenate([self.format, form])
        self.duration_ms = np.concatenate([self.duration_ms, self._lengths(form, rng=rng)])
        # Squaring favours low numbers: a few publishers own much of the catalogue.
        creator = (rng.random(count) ** 2 * self.settings.creators).astype(np.int64)
        self.creator = np.concatenate([self.creator, creator])
        quality = rng.normal(0, self.settings.quality_spread, count).astype(np.float32)
        self.quality = np.concatenate([self.quality, quality])
        self.trait = np.concatenate([self.trait, trait.astype(np.float32)])
        everywhere = np.repeat(born_at[:, None], len(self.regions), axis=1)
        self.available_from = np.concatenate([self.available_from, everywhere])
        return np.arange(first, first + count)

    def _lengths(self, form: NDArray[np.uint8], *, rng: np.random.Generator) -> NDArray[np.int64]:
        formats = list(self.settings.formats.values())
        median = np.array([f.median for f in formats])[form]
        spread = np.array([f.spread for f in formats])[form]
        length: NDArray[np.float64] = median * np.exp(rng.standard_normal(len(form)) * spread)
        return np.clip(length, 1000, DAY).astype(np.int64)

    def popularity(self, items: NDArray[np.int64], now: int) -> NDArray[np.float64]:
        """Weight of each item: exp(quality) × (evergreen + fading part), halving every half-life."""
        age = np.maximum(now - self.born_at[items], 0)
        fading = 0.5 ** (age / self.settings.half_life)
        weight: NDArray[np.float64] = np.exp(self.quality[items].astype(np.float64)) * (
            self.settings.evergreen + (1 - self.settings.evergreen) * fading
        )
        return weight

    def available(self, region: int, now: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Items that can be seen in a region, and their popularity."""
        items = np.flatnonzero(self.available_from[:, region] <= now)
        return items.astype(np.int32), self.popularity(items, now)

    def open_regions(self, item: int, now: int) -> list[str]:
        """Regions in which an item can be seen."""
        return [name for code, name in enumerate(self.regions) if self.available_from[item, code] <= now]
