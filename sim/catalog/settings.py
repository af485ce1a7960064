"""Settings of a catalogue: how many items, how they are born, how popularity spreads and fades."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.durations import DAY, HOUR, MINUTE, Duration
from sim.shares import shares

__all__ = ["CatalogSettings", "Format", "Launch"]


class Format(BaseModel):
    """A sort of item by its length, lognormally distributed, of at most a day."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=1, gt=0)
    """Relative number of items."""
    median: Duration = Field(default=45 * MINUTE, ge=1000, le=DAY)
    """Median length."""
    spread: float = Field(default=0.3, ge=0, le=2)
    """Standard deviation of the logarithm of the length."""


class Launch(BaseModel):
    """Items that become available in a region at a time of the run."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    region: str
    """Region of the launch."""
    at: Duration = Field(ge=0)
    """Simulated time after the start of the run."""
    items: int = Field(default=20, ge=1)
    """Number of items that were held back in this region until now."""


class CatalogSettings(BaseModel):
    """What there is to watch or hear."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    items: int = Field(default=5000, ge=1, le=9_000_000)
    """Items that are there when the run begins."""
    births_per_day: float = Field(default=24, ge=0, le=1_000_000)
    """Mean number of new items a day."""
    creators: int = Field(default=400, ge=1)
    """Number of publishers, of unequal size."""
    quality_spread: float = Field(default=1.1, ge=0, le=4)
    """Standard deviation of the logarithm of an item's quality: the long tail."""
    half_life: Duration = Field(default=30 * DAY, gt=0)
    """Age at which the novelty of an item has halved."""
    evergreen: float = Field(default=0.15, ge=0, le=1)
    """Part of the popularity that does not fade."""
    genres: dict[str, float] = Field(min_length=1, max_length=255)
    """Relative number of items by genre."""
    formats: dict[str, Format] = Field(min_length=1, max_length=255)
    """Sorts of items."""
    launches: tuple[Launch, ...] = ()
    """Regional launches."""
    refresh: Duration = Field(default=HOUR, gt=0)
    """How often recommenders see changed popularity."""

    @field_validator("genres")
    @classmethod
    def _shares(cls, genres: dict[str, float]) -> dict[str, float]:
        shares(genres)
        return genres
