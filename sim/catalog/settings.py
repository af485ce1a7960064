"""Settings of a catalogue: how many items, how they are born, how popularity spreads and fades."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.catalog.plans import Launch, Premiere, Removal, Rerelease
from sim.durations import DAY, HOUR, MINUTE, Duration
from sim.shares import shares

__all__ = ["CatalogSettings", "Collection", "Format", "Licences"]

_MOST_MEMBERS = 30_000


class Collection(BaseModel):
    """How items of a format belong together: episodes in series, tracks on albums, instalments of podcasts.

    >>> Collection(mean=11, spread=0).sizes(3, rng=np.random.default_rng(1)).tolist()
    [9, 14, 11]
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    mean: float = Field(default=12, ge=1, le=1000)
    """Mean number of items of a collection."""
    spread: float = Field(default=0.5, ge=0, le=2)
    """How unequal collections are: coefficient of variation of what is expected of each."""
    every: Duration = Field(default=7 * DAY, ge=0)
    """Time from one item to the next; 0 for collections that appear all at once, as albums do."""
    season: int | None = Field(default=None, ge=1)
    """Items of a season; left out where there are no seasons."""
    alike: float = Field(default=0.8, ge=0, le=1)
    """Part of the variance of quality and of taste that the items of a collection share."""

    def sizes(self, count: int, *, rng: np.random.Generator) -> NDArray[np.int64]:
        """Numbers of items of so many collections: one, and a gamma-mixed Poisson number of further ones."""
        expected = np.full(count, self.mean - 1)
        if self.spread:
            expected *= rng.gamma(self.spread**-2, self.spread**2, count)
        return np.minimum(1 + rng.poisson(expected), _MOST_MEMBERS)


class Format(BaseModel):
    """A sort of item by its length, lognormally distributed, of at most a day."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=1, gt=0)
    """Relative number of items."""
    median: Duration = Field(default=45 * MINUTE, ge=1000, le=DAY)
    """Median length."""
    spread: float = Field(default=0.3, ge=0, le=2)
    """Standard deviation of the logarithm of the length."""
    collection: Collection | None = None
    """How its items belong together; left out for items that stand by themselves, such as films and clips."""
    half_life: Duration | None = Field(default=None, gt=0)
    """Half-life of this format's novelty, instead of the catalogue's."""
    evergreen: float | None = Field(default=None, ge=0, le=1)
    """Part of this format's popularity that does not fade, instead of the catalogue's."""


class Licences(BaseModel):
    """Rights that end: an item under licence leaves each region when its term there is over."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=0, ge=0, le=1)
    """Part of the items that are under licence."""
    term: Duration = Field(default=365 * DAY, ge=DAY)
    """Median term; those of the first stock have been renewed until the run begins."""
    spread: float = Field(default=0.4, ge=0, le=2)
    """Standard deviation of the logarithm of the term."""


class CatalogSettings(BaseModel):
    """What there is to watch or hear."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    items: int = Field(default=5000, ge=1, le=9_000_000)
    """Items that are there when the run begins."""
    history: Duration = Field(default=3 * 365 * DAY, gt=0)
    """Age of the oldest of them; they are denser toward the present, as in a service that grows."""
    births_per_day: float = Field(default=24, ge=0, le=1_000_000)
    """Mean number of new items a day."""
    creators: int = Field(default=400, ge=1)
    """Number of publishers, of unequal size."""
    creator_skew: float = Field(default=2, ge=1, le=20)
    """How unequal publishers are: 1 for equal ones; the largest 1/n of them own n^(-1/skew) of the items."""
    quality: Literal["lognormal", "pareto"] = "lognormal"
    """Distribution of an item's quality; a Pareto tail is heavier, its exponent is one over the spread."""
    quality_spread: float = Field(default=1.1, ge=0, le=4)
    """Standard deviation of the logarithm of an item's quality: the long tail."""
    half_life: Duration = Field(default=30 * DAY, gt=0)
    """Time since its release in a region at which the novelty of an item has halved."""
    evergreen: float = Field(default=0.15, ge=0, le=1)
    """Part of the popularity that does not fade."""
    genres: dict[str, float] = Field(min_length=1, max_length=255)
    """Relative number of items by genre."""
    maturity: dict[str, float] = Field(
        default={"all": 30, "7+": 15, "13+": 30, "16+": 20, "18+": 5}, min_length=1, max_length=32
    )
    """Relative number of items by maturity rating."""
    languages: dict[str, float] = Field(default_factory=dict, max_length=64)
    """Relative number of items by language; by default all languages of the audience, equally."""
    formats: dict[str, Format] = Field(min_length=1, max_length=255)
    """Sorts of items."""
    licences: Licences = Licences()
    """Rights that end."""
    launches: tuple[Launch, ...] = ()
    """Regional launches."""
    premieres: tuple[Premiere, ...] = ()
    """New items that open everywhere at once."""
    removals: tuple[Removal, ...] = ()
    """Items that are taken down."""
    rereleases: tuple[Rerelease, ...] = ()
    """Old items that come back."""
    refresh: Duration = Field(default=HOUR, gt=0)
    """How often recommenders see changed popularity."""

    @field_validator("genres", "maturity")
    @classmethod
    def _shares(cls, weights: dict[str, float]) -> dict[str, float]:
        shares(weights)
        return weights

    @field_validator("languages")
    @classmethod
    def _some(cls, weights: dict[str, float]) -> dict[str, float]:
        return cls._shares(weights) if weights else weights
