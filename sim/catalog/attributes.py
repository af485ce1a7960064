"""Attributes of new items: genre, language, rating, publisher, length, quality and trait, drawn in columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.catalog.settings import CatalogSettings
from sim.durations import DAY
from sim.seeds import rng_for
from sim.shares import coded, shares

__all__ = ["Attributes"]

_TASTE_IN_GENRE = 0.75


class Attributes:
    """What items are by themselves, before they belong to a collection."""

    def __init__(
        self, settings: CatalogSettings, seed: int, *, languages: Sequence[str], dimensions: int
    ) -> None:
        self._settings, self._dimensions = settings, dimensions
        self._kinds = list(settings.formats.values())
        wanted = settings.languages or dict.fromkeys(languages, 1.0)
        self._languages = shares({name: wanted.get(name, 0.0) for name in languages})
        rng = rng_for(seed, "catalog", "genres")
        self._centres = rng.standard_normal((len(settings.genres), dimensions)) * dimensions**-0.5

    def forms(self, count: int, *, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Formats by their share of the items."""
        weights = shares({name: form.share for name, form in self._settings.formats.items()})
        return coded(weights, rng.random(count))

    def drawn(self, form: NDArray[np.uint8], *, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        """Columns of items of these formats."""
        count, settings = len(form), self._settings
        genre = coded(shares(settings.genres), rng.random(count))
        return {
            "format": form,
            "genre": genre,
            "language": coded(self._languages, rng.random(count)),
            "maturity": coded(shares(settings.maturity), rng.random(count)),
            # Powers favour low numbers: a few publishers own much of the catalogue.
            "creator": (rng.random(count) ** settings.creator_skew * settings.creators).astype(np.int64),
            "duration_ms": self._lengths(form, rng=rng),
            "quality": self._quality(count, rng=rng),
            "trait": self.traits(genre, rng=rng),
        }

    def traits(self, genre: NDArray[np.uint8], *, rng: np.random.Generator) -> NDArray[np.float32]:
        """Traits of items of these genres: the genre's centre, and something of their own."""
        own = rng.standard_normal((len(genre), self._dimensions)) * self._dimensions**-0.5
        trait: NDArray[np.float64] = self.centres(genre) + (1 - _TASTE_IN_GENRE**2) ** 0.5 * own
        return trait.astype(np.float32)

    def centres(self, genre: NDArray[np.uint8]) -> NDArray[np.float64]:
        """What the traits of items of these genres have in common."""
        centres: NDArray[np.float64] = _TASTE_IN_GENRE * self._centres[genre]
        return centres

    def _quality(self, count: int, *, rng: np.random.Generator) -> NDArray[np.float32]:
        # The logarithm of a Pareto variable is exponential; both have mean 0 and the spread that is set.
        pareto = self._settings.quality == "pareto"
        log = rng.standard_exponential(count) - 1 if pareto else rng.standard_normal(count)
        return (log * self._settings.quality_spread).astype(np.float32)

    def _lengths(self, form: NDArray[np.uint8], *, rng: np.random.Generator) -> NDArray[np.int64]:
        median = np.array([kind.median for kind in self._kinds])[form]
        spread = np.array([kind.spread for kind in self._kinds])[form]
        length: NDArray[np.float64] = median * np.exp(rng.standard_normal(len(form)) * spread)
        return np.clip(length, 1000, DAY).astype(np.int64)
