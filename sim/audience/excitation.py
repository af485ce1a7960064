"""Self-excitation: a session that brings another one soon after."""

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sim.durations import HOUR, MINUTE, Duration
from sim.seeds import Draws

__all__ = ["Excitation"]

Floats = NDArray[np.floating[Any]]


class Excitation(BaseModel):
    """A viewer's sessions in clusters: each brings another with probability ``branching``, after an exponential delay.

    The cluster form of a Hawkes process with kernel nβ·exp(−βt) (Hawkes and Oakes 1974), cut to one child a session:
    clusters are geometric with the same mean 1/(1−n) (the process of Bartlett 1963 and Lewis 1964). Sessions that no
    other brought come by the return behaviour, so that excitation adds to them. Delays are in real time: neither the
    hour nor a viewer's activity makes them longer.

    >>> Excitation(branching=0.25, delay="20m").mean_gap(np.array([24 * HOUR])) / HOUR
    array([18.08333333])
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    branching: float = Field(default=0.0, ge=0, le=0.9)
    """Branching ratio n: sessions that a session brings, 0 for none."""
    delay: Duration = Field(default=25 * MINUTE, gt=0, le=24 * HOUR)
    """Mean delay 1/β from the end of a session to the one that it brings."""

    def mean_gap(self, mean: Floats) -> Floats:
        """Mean gap of viewers whose gaps would have these means without excitation, in milliseconds."""
        return (1 - self.branching) * mean + self.branching * self.delay

    def delays(self, bits: NDArray[np.uint64]) -> Floats:
        """Delay to the session that each session brings, in milliseconds; infinite where it brings none."""
        delay = -np.log1p(-Draws.uniform_from(bits, 2)) * self.delay
        return np.where(Draws.uniform_from(bits, 1) < self.branching, delay, inf)

    def residuals(self, mean: Floats, *, rng: np.random.Generator) -> Floats:
        """As :meth:`delays`, for what is left of a delay that a random moment falls into."""
        inside = rng.random(len(mean)) < self.branching * self.delay / self.mean_gap(mean)
        return np.where(inside, rng.standard_exponential(len(mean)) * self.delay, inf)
