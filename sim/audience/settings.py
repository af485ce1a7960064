"""Settings of an audience: how many, from where, and which behaviours they have."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.audience.arrivals import ArrivalCurve
from sim.audience.behaviour import AnyChoice, AnyDepth, AnyReturn, AnyWatching
from sim.audience.choice.multinomial_logit import MultinomialLogit
from sim.audience.depth.inverse_gaussian import InverseGaussian
from sim.audience.population import Region
from sim.audience.returning.weibull_gaps import WeibullGaps
from sim.audience.watching.weibull import Weibull
from sim.durations import HOUR, SECOND, Duration
from sim.shares import shares

__all__ = ["AudienceSettings", "Pauses", "Reactions", "Talk"]


class Pauses(BaseModel):
    """Mean lengths of the pauses within a session, exponentially distributed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    think: Duration = Field(default=9 * SECOND, gt=0, le=HOUR)
    """Looking at a slate before picking or moving on."""
    startup: Duration = Field(default=900, gt=0, le=HOUR)
    """From picking an item to its first frame or note."""
    between: Duration = Field(default=15 * SECOND, gt=0, le=HOUR)
    """From the end of an item to the next slate."""


class Reactions(BaseModel):
    """How often a play is followed by a reaction, for a viewer who is indifferent to the item."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    like: float = Field(default=0.05, ge=0, le=1)
    """Probability of a like."""
    dislike: float = Field(default=0.008, ge=0, le=1)
    """Probability of a dislike."""
    rate: float = Field(default=0.03, ge=0, le=1)
    """Probability of a rating."""
    skip_before: Duration = Field(default=0, ge=0)
    """Ending a play earlier than this is a skip, not an abandon; 0 for services without skips."""


class Talk(BaseModel):
    """How often a play is followed by something written or put up."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    comment: float = Field(default=0.004, ge=0, le=1)
    """Probability of a comment."""
    post: float = Field(default=0.001, ge=0, le=1)
    """Probability of a post."""
    upload: float = Field(default=0.0, ge=0, le=1)
    """Probability of an upload."""


class AudienceSettings(BaseModel):
    """Who watches, and how they behave."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    viewers: int = Field(default=250_000, ge=1, le=99_999_999)
    """Number of viewers."""
    block: int = Field(default=4096, ge=16, le=1_000_000)
    """Viewers in a block: the unit in which they are given to shards."""
    regions: dict[str, Region] = Field(min_length=1, max_length=64)
    """Where they live."""
    devices: dict[str, float] = Field(min_length=1, max_length=64)
    """Relative use of devices."""
    activity_spread: float = Field(default=1.0, ge=0, le=3)
    """Standard deviation of the logarithm of how often a viewer comes."""
    slate: int = Field(default=16, ge=1, le=64)
    """Items in a slate."""
    taste: float = Field(default=1.0, ge=0, le=10)
    """How strongly taste decides, against quality."""
    arrivals: ArrivalCurve = ArrivalCurve()
    """When they come."""
    depth: AnyDepth = InverseGaussian()
    """How many slates they look at."""
    choice: AnyChoice = MultinomialLogit()
    """What they pick."""
    watching: AnyWatching = Weibull()
    """How long they watch."""
    returning: AnyReturn = WeibullGaps()
    """When they come back."""
    pauses: Pauses = Pauses()
    """How long they hesitate."""
    reactions: Reactions = Reactions()
    """How they react."""
    talk: Talk = Talk()
    """What they write."""

    @field_validator("devices")
    @classmethod
    def _shares(cls, devices: dict[str, float]) -> dict[str, float]:
        shares(devices)
        return devices
