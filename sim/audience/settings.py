"""Settings of an audience: how many, from where, and which behaviours they have."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.adversaries.moderation import Moderation
from sim.audience.arrivals import ArrivalCurve
from sim.audience.behaviour import (
    AnyChoice,
    AnyDepth,
    AnyDrifting,
    AnyExperience,
    AnyLeaving,
    AnyRating,
    AnyRepeating,
    AnyReturn,
    AnySatiation,
    AnyWatching,
)
from sim.audience.choice.multinomial_logit import MultinomialLogit
from sim.audience.churn import AnyChurn
from sim.audience.consent import Consent, Erasure
from sim.audience.depth.inverse_gaussian import InverseGaussian
from sim.audience.excitation import Excitation
from sim.audience.households import Households
from sim.audience.newcomers import Newcomers
from sim.audience.personas import Group, Personas
from sim.audience.population import Region
from sim.audience.rating.ordered_probit import OrderedProbit
from sim.audience.returning.weibull_gaps import WeibullGaps
from sim.audience.watching.weibull import Weibull
from sim.durations import HOUR, MINUTE, SECOND, Duration
from sim.shares import shares

__all__ = ["AudienceSettings", "Interruptions", "Pauses", "Reactions", "Searching", "Talk"]


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
    list_add: float = Field(default=0.008, ge=0, le=1)
    """Probability of putting the item on a list."""
    share: float = Field(default=0.004, ge=0, le=1)
    """Probability of sharing the item."""
    follow: float = Field(default=0.002, ge=0, le=1)
    """Probability of following the item's creator."""
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
    direct_message: float = Field(default=0.0, ge=0, le=1)
    """Probability of a message to another viewer."""
    profile: float = Field(default=0.0, ge=0, le=1)
    """Probability of a new text on the viewer's own profile."""
    live_chat: float = Field(default=0.0, ge=0, le=1)
    """Probability of a message in the chat beside the item."""
    report: float = Field(default=0.0, ge=0, le=1)
    """Probability of reporting another viewer."""
    media: dict[Literal["image", "clip", "voice_note", "song"], float] = Field(
        default={"image": 4, "clip": 3, "voice_note": 2, "song": 1}, min_length=1
    )
    """What uploads are, as relative shares."""
    moderation: Moderation = Moderation()
    """What of it violates a policy, or only seems to."""

    @field_validator("media")
    @classmethod
    def _media_shares(cls, media: dict[str, float]) -> dict[str, float]:
        shares(media)
        return media


class Searching(BaseModel):
    """How viewers look for something by themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=0.02, ge=0, le=1)
    """Probability of a search after a slate of which nothing was picked."""
    typing: Duration = Field(default=12 * SECOND, gt=0, le=HOUR)
    """Mean time from the slate to the search."""


class Interruptions(BaseModel):
    """How viewers interrupt a play."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    pause: float = Field(default=0.02, ge=0, le=1)
    """Probability of a pause in a play."""
    paused: Duration = Field(default=2 * MINUTE, gt=0, le=HOUR)
    """Mean length of a pause."""
    seek: float = Field(default=0.02, ge=0, le=1)
    """Probability of jumping back in a play."""
    sought: Duration = Field(default=10 * SECOND, gt=0, le=HOUR)
    """How far they jump back, or to the beginning if that is nearer."""


class AudienceSettings(BaseModel):
    """Who watches, and how they behave."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    viewers: int = Field(default=250_000, ge=1, le=99_999_999)
    """Number of viewers when the run begins."""
    block: int = Field(default=4096, ge=16, le=1_000_000)
    """Viewers in a block: the unit in which they are given to shards."""
    regions: dict[str, Region] = Field(min_length=1, max_length=64)
    """Where they live."""
    devices: dict[str, float] = Field(min_length=1, max_length=64)
    """Relative use of devices."""
    activity_law: Literal["lognormal", "gamma"] = "lognormal"
    """Distribution of how often a viewer comes, relative to the mean."""
    activity_spread: float = Field(default=1.0, ge=0, le=3)
    """Its spread: the standard deviation of the logarithm, or a gamma law's coefficient of variation."""
    personas: Personas = Personas()
    """Of whom it is composed."""
    groups: dict[str, Group] = Field(default_factory=dict, max_length=64)
    """Who must be in it, in exact numbers."""
    households: Households = Households()
    """How many of them share an account."""
    newcomers: tuple[Newcomers, ...] = Field(default=(), max_length=64)
    """Who joins during the run."""
    slate: int = Field(default=16, ge=1, le=64)
    """Items in a slate."""
    taste: float = Field(default=1.0, ge=0, le=10)
    """How strongly taste decides, against quality."""
    arrivals: ArrivalCurve = ArrivalCurve()
    """When they come."""
    excitation: Excitation = Excitation()
    """How a session brings another one."""
    churn: AnyChurn | None = None
    """How long they stay with the service; without it everyone stays."""
    consent: Consent = Consent()
    """What they agree to."""
    erasure: Erasure = Erasure()
    """How often they ask to be forgotten."""
    depth: AnyDepth = InverseGaussian()
    """How many slates they look at."""
    first_depth: AnyDepth | None = None
    """How many slates they look at in their first session, where that is different."""
    leaving: AnyLeaving | None = None
    """Why they leave before they have looked at so many; without it they never do."""
    choice: AnyChoice = MultinomialLogit()
    """What they pick."""
    watching: AnyWatching = Weibull()
    """How long they watch."""
    watching_of: dict[str, AnyWatching] = {}
    """How long they watch items of some formats, where that is different."""
    hurry: dict[str, Annotated[float, Field(gt=0, le=100)]] = {}
    """How much sooner they stop on a device: what the hazard of stopping is multiplied by."""
    memory: int = Field(default=4, ge=0, le=1000)
    """How many of the items that they played last are remembered, for repeats and for recommenders."""
    once: bool = False
    """Whether nothing that is remembered is picked again from a slate, as with films that were seen."""
    autoplay: float = Field(default=0, ge=0, le=1)
    """Probability of letting the next episode or track play when one has reached its end."""
    repeating: AnyRepeating | None = None
    """What they play again; without it they do not."""
    satiation: AnySatiation | None = None
    """How they tire of a genre within a session; without it they do not."""
    drifting: AnyDrifting | None = None
    """How their taste moves with what they play; without it it stays as it is."""
    rating: AnyRating = OrderedProbit()
    """How many stars they give."""
    experience: AnyExperience | None = None
    """How well playback works; without it, it always does."""
    searching: Searching = Searching()
    """How they look for things by themselves."""
    interruptions: Interruptions = Interruptions()
    """How they interrupt playback."""
    returning: AnyReturn = WeibullGaps()
    """When they come back."""
    pauses: Pauses = Pauses()
    """How long they hesitate."""
    reactions: Reactions = Reactions()
    """How they react."""
    talk: Talk = Talk()
    """What they write."""

    @property
    def people(self) -> int:
        """Number of viewers with those who join during the run."""
        return self.viewers + sum(each.count for each in self.newcomers)

    def sample(self, viewers: int) -> "AudienceSettings":
        """The same audience, smaller: nobody joins, and groups keep their share."""
        groups = {
            name: Group(where=group.where, share=min(1.0, group.of(self.viewers) / self.viewers))
            for name, group in self.groups.items()
        }
        return self.model_copy(update={"viewers": viewers, "newcomers": (), "groups": groups})

    @field_validator("devices")
    @classmethod
    def _shares(cls, devices: dict[str, float]) -> dict[str, float]:
        shares(devices)
        return devices

    @model_validator(mode="after")
    def _remembered(self) -> "AudienceSettings":
        if self.repeating and not self.memory:
            raise ValueError("repeating needs a memory of what was played: set memory to 1 or more")
        return self
