"""Plans: what is to happen to items at times that are known beforehand."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.durations import HOUR, Duration

__all__ = ["FlashCrowd", "Launch", "Premiere", "Removal", "Rerelease"]


class _Planned(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    at: Duration = Field(ge=0)
    """Simulated time after the start of the run."""


class Launch(_Planned):
    """Items that become available in a region at a time of the run."""

    region: str
    """Region of the launch."""
    items: int = Field(default=20, ge=1)
    """Number of items that were held back in this region until now."""


class Removal(_Planned):
    """Items that are taken down: by their publisher, a court or a moderator."""

    items: int = Field(default=10, ge=1)
    """Number of items."""
    of: Literal["popular", "any"] = "any"
    """The most popular ones, or any."""
    region: str | None = None
    """Region in which they are taken down; everywhere if it is left out."""
    purged_after: Duration | None = Field(default=None, gt=0)
    """Time until a record without a value (a tombstone) ends what the topic knows of them; never if it is left out."""

    @model_validator(mode="after")
    def _gone_everywhere(self) -> "Removal":
        if self.purged_after is not None and self.region is not None:
            raise ValueError(
                f"purged_after is for items that are gone everywhere, and these go from {self.region!r} only; "
                "leave out one of both"
            )
        return self


class Rerelease(_Planned):
    """Old items that come back as if they were new: those that were removed first, then the oldest."""

    items: int = Field(default=10, ge=1)
    """Number of items."""


class FlashCrowd(BaseModel):
    """People who come because of an event, and would not have come otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    factor: float = Field(default=4, gt=0, le=1000)
    """How many times as often viewers come as they would."""
    lasts: Duration = Field(default=HOUR, gt=0)
    """How long they do, from the event on."""


class Premiere(_Planned):
    """A new item that opens everywhere at one moment, with everybody talking about it.

    >>> Premiere(at="2h", burst=50).fades
    21600000
    """

    format: str | None = None
    """Its format; by default the first."""
    genre: str | None = None
    """Its genre; by default the first."""
    appeal: float = Field(default=2.5, ge=-5, le=5)
    """Its quality, in standard deviations above the mean."""
    burst: float = Field(default=30, ge=1, le=1_000_000)
    """What its popularity is multiplied by at first."""
    fades: Duration = Field(default=6 * HOUR, gt=0)
    """Time in which that factor's surplus halves."""
    crowd: FlashCrowd | None = None
    """Who comes for it; left out if nobody comes who would not have come anyway."""
