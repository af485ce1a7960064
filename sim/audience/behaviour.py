"""The behaviours of a viewer that a scenario chooses: depth, choice, watching and return."""

from abc import abstractmethod
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import DAY, Duration
from sim.plugin import Family, OneOf, Plugin

__all__ = ["CHOICES", "DEPTHS", "RETURNS", "WATCHINGS", "AnyChoice", "AnyDepth", "AnyReturn", "AnyWatching"]
__all__ += ["Choice", "Depth", "Return", "Watching"]

Floats = NDArray[np.floating[Any]]


class Depth(Plugin):
    """How many slates a viewer looks at in a session."""

    @abstractmethod
    def slates(self, first: Floats, second: Floats) -> NDArray[np.int64]:
        """Slates of each session, at least 1, from two columns of uniform numbers."""


class Choice(Plugin):
    """Which item of a slate a viewer picks, if any."""

    @abstractmethod
    def pick(self, utility: NDArray[np.float32], uniform: Floats) -> NDArray[np.int64]:
        """Index of the item picked in each row of ``utility`` (slates × ranks), or -1, from uniform numbers."""


class Watching(Plugin):
    """How much of an item a viewer watches or hears."""

    @abstractmethod
    def ratio(self, affinity: Floats, uniform: Floats) -> Floats:
        """Time until the viewer stops, over the item's length; 1 and above reaches the end."""


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
CHOICES = Family("choice", Choice, "sim.audience.choice")
WATCHINGS = Family("watching", Watching, "sim.audience.watching")
RETURNS = Family("return", Return, "sim.audience.returning")

AnyDepth = Annotated[Depth, OneOf(DEPTHS)]
AnyChoice = Annotated[Choice, OneOf(CHOICES)]
AnyWatching = Annotated[Watching, OneOf(WATCHINGS)]
AnyReturn = Annotated[Return, OneOf(RETURNS)]
