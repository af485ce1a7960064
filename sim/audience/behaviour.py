"""The behaviours of a viewer that a scenario chooses: what each of them is asked, and what it answers."""

from abc import abstractmethod
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import DAY, Duration
from sim.plugin import Family, OneOf, Plugin

__all__ = ["CHOICES", "DEPTHS", "DRIFTINGS", "EXPERIENCES", "LEAVINGS", "RATINGS", "REPEATINGS", "RETURNS"]
__all__ += ["SATIATIONS", "WATCHINGS"]
__all__ += [
    "AnyChoice",
    "AnyDepth",
    "AnyDrifting",
    "AnyExperience",
    "AnyLeaving",
    "AnyRating",
    "AnyRepeating",
]
__all__ += ["AnyReturn", "AnySatiation", "AnyWatching"]
__all__ += [
    "Choice",
    "Depth",
    "Drifting",
    "Experience",
    "Leaving",
    "Rating",
    "Repeating",
    "Return",
    "Satiation",
]
__all__ += ["Watching"]

Floats = NDArray[np.floating[Any]]


class Depth(Plugin):
    """How many slates a viewer looks at in a session."""

    @abstractmethod
    def slates(self, first: Floats, second: Floats) -> NDArray[np.int64]:
        """Slates of each session, at least 1, from two columns of uniform numbers."""


class Leaving(Plugin):
    """Why a viewer leaves before the session is as deep as it might be."""

    @abstractmethod
    def hazard(self, utility: Floats, boredom: Floats, stalls: Floats) -> Floats:
        """Probability of leaving after a slate.

        ``utility`` is what the last slates gave, ``boredom`` (0 to 1) how tired the viewer is of what was played last,
        ``stalls`` how often playback has stalled in the session.
        """


class Choice(Plugin):
    """Which item of a slate a viewer picks, if any."""

    @abstractmethod
    def pick(self, utility: NDArray[np.float32], uniform: Floats) -> NDArray[np.int64]:
        """Index of the item picked in each row of ``utility`` (slates × ranks), or -1, from uniform numbers."""


class Watching(Plugin):
    """How much of an item a viewer watches or hears."""

    loops: float = Field(default=1, ge=1, le=100)
    """How often an item is played at most: above 1 it begins again at its end, as short videos do."""

    @abstractmethod
    def ratio(self, affinity: Floats, length: NDArray[np.int64], uniform: Floats) -> Floats:
        """Time until the viewer stops, over the item's length (ms); 1 and above reaches the end."""


class Repeating(Plugin):
    """What a viewer plays again without being shown it."""

    share: float = Field(default=0.3, ge=0, le=0.97)
    """Probability ρ that a play is followed by one of what was played before."""

    @abstractmethod
    def position(self, quality: Floats, uniform: Floats) -> NDArray[np.int64]:
        """Place of the item played again, 0 the latest, in each row of ``quality`` (viewers × remembered items).

        What is not there (not so much was played yet) has quality -inf; the latest item is always there.
        """


class Satiation(Plugin):
    """How a viewer tires of a genre within a session."""

    weight: float = Field(default=1.5, ge=0, le=20)
    """How much complete boredom takes from an item's utility, κ."""

    @abstractmethod
    def after(self, count: Floats, genre: NDArray[np.uint8]) -> Floats:
        """How much each genre was played (sessions × genres), after one more item of a genre."""

    @abstractmethod
    def boredom(self, count: Floats) -> Floats:
        """Boredom, 0 to 1, by how much was played."""


class Drifting(Plugin):
    """How what a viewer plays changes what the viewer likes."""

    @abstractmethod
    def moved(self, taste: Floats, trait: Floats, reward: Floats, noise: Floats) -> Floats:
        """Tastes (viewers × dimensions) after an item of a trait gave a reward of -1 to 1; noise has unit variance."""


class Rating(Plugin):
    """How many stars a viewer gives."""

    @abstractmethod
    def halves(self, affinity: Floats, viewer: Floats, item: Floats, noise: Floats) -> NDArray[np.int64]:
        """Half stars, 1 to 10; the columns are standard normal, of the viewer, of the item and of the occasion."""


class Experience(Plugin):
    """How well playback works, and what that does to viewers."""

    devices: dict[str, Annotated[float, Field(gt=0, le=100)]] = Field(default={})
    """How much worse it works on a device: start-up delay and frequency of stalls, relative to 1."""

    @abstractmethod
    def startup(self, factor: Floats, uniform: Floats) -> Floats:
        """Milliseconds from picking an item to its first frame, on devices that are worse by a factor."""

    @abstractmethod
    def gives_up(self, delay: Floats, uniform: Floats) -> NDArray[np.bool_]:
        """True for viewers who do not wait for the first frame."""

    @abstractmethod
    def rebuffering(self, factor: Floats, uniform: Floats) -> Floats:
        """Time lost in stalls, over the time played; 0 for plays without."""

    @abstractmethod
    def kept(self, rebuffering: Floats) -> Floats:
        """Part of the watch time that is left in spite of stalls."""


class Return(Plugin):
    """How long a viewer stays away; ``mean`` is the mean gap of a viewer of activity 1, in milliseconds."""

    mean: Duration = Field(default=DAY, gt=0)
    """Mean gap between sessions of a viewer of activity 1."""

    @abstractmethod
    def gap(self, uniform: Floats) -> Floats:
        """Milliseconds between sessions of a viewer of activity 1."""

    @abstractmethod
    def residual(self, uniform: Floats, *, rng: np.random.Generator) -> Floats:
        """Milliseconds until the next session, seen from a moment chosen at random."""


DEPTHS = Family("depth", Depth, "sim.audience.depth")
LEAVINGS = Family("leaving", Leaving, "sim.audience.leaving")
CHOICES = Family("choice", Choice, "sim.audience.choice")
WATCHINGS = Family("watching", Watching, "sim.audience.watching")
REPEATINGS = Family("repeating", Repeating, "sim.audience.repeating")
SATIATIONS = Family("satiation", Satiation, "sim.audience.satiation")
DRIFTINGS = Family("drifting", Drifting, "sim.audience.drifting")
RATINGS = Family("rating", Rating, "sim.audience.rating")
EXPERIENCES = Family("experience", Experience, "sim.audience.experience")
RETURNS = Family("return", Return, "sim.audience.returning")

AnyDepth = Annotated[Depth, OneOf(DEPTHS)]
AnyLeaving = Annotated[Leaving, OneOf(LEAVINGS)]
AnyChoice = Annotated[Choice, OneOf(CHOICES)]
AnyWatching = Annotated[Watching, OneOf(WATCHINGS)]
AnyRepeating = Annotated[Repeating, OneOf(REPEATINGS)]
AnySatiation = Annotated[Satiation, OneOf(SATIATIONS)]
AnyDrifting = Annotated[Drifting, OneOf(DRIFTINGS)]
AnyRating = Annotated[Rating, OneOf(RATINGS)]
AnyExperience = Annotated[Experience, OneOf(EXPERIENCES)]
AnyReturn = Annotated[Return, OneOf(RETURNS)]
