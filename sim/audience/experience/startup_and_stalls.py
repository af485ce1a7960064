"""Quality of experience by start-up delay and stalls."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtri

from sim.audience.behaviour import Experience, Floats
from sim.durations import SECOND, Duration

__all__ = ["StartupAndStalls"]


class StartupAndStalls(Experience):
    """Lognormal start-up delays, exponential stalls, and viewers who lose patience with either.

    Krishnan and Sitaraman (2012, "Video stream quality impacts viewer behavior") measured it on 23 million views:
    from a start-up delay of 2 s on, each second makes 5.8 per cent more give up; stalls of 1 per cent of the time
    played cost 5 per cent of the watch time.

    >>> network = StartupAndStalls()
    >>> network.gives_up(np.array([2000.0, 12000.0, 12000.0]), np.array([0.01, 0.57, 0.59])).tolist()
    [False, True, False]
    """

    kind: Literal["startup_and_stalls"] = "startup_and_stalls"
    delay: Duration = Field(default=900, gt=0)
    """Median start-up delay."""
    spread: float = Field(default=0.7, ge=0, le=3)
    """Standard deviation of the logarithm of the delay."""
    patience: Duration = Field(default=2 * SECOND, ge=0)
    """Delay from which on viewers give up."""
    impatience: float = Field(default=0.058, ge=0, le=1)
    """How much each second beyond it adds to the probability of giving up."""
    stalled: float = Field(default=0.05, ge=0, le=1)
    """Share of plays that stall."""
    lost: float = Field(default=0.02, gt=0, le=1)
    """Mean time lost in the stalls of such a play, over the time played."""
    cost: float = Field(default=5.0, ge=0, le=100)
    """Part of the watch time lost for each unit of time lost in stalls."""

    def startup(self, factor: Floats, uniform: Floats) -> Floats:
        """Milliseconds from picking an item to its first frame."""
        delay: Floats = self.delay * factor * np.exp(self.spread * ndtri(np.clip(uniform, 1e-12, 1 - 1e-12)))
        return delay

    def gives_up(self, delay: Floats, uniform: Floats) -> NDArray[np.bool_]:
        """True for viewers who do not wait for the first frame."""
        return uniform < self.impatience * (delay - self.patience) / SECOND

    def rebuffering(self, factor: Floats, uniform: Floats) -> Floats:
        """Time lost in stalls, over the time played."""
        often = np.minimum(self.stalled * factor, 1)
        # What is left of a uniform number below a threshold is uniform below it.
        lost: Floats = -self.lost * np.log(np.clip(uniform / np.maximum(often, 1e-300), 1e-12, 1))
        return lost

    def kept(self, rebuffering: Floats) -> Floats:
        """Part of the watch time that is left in spite of stalls."""
        kept: Floats = np.exp(-self.cost * rebuffering)
        return kept
