"""Live policies: recommenders whose answers come later, or never, while the audience goes on."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sim.recommenders.recommender import Policy, SlateRequests, Slates

__all__ = ["Heard", "LivePolicy"]


@dataclass(frozen=True)
class Heard:
    """Answers that have come: the ticket and slate of each, and how long its viewer waited for it (ms)."""

    tickets: NDArray[np.int64]
    slates: Slates
    waited: NDArray[np.int64]


@runtime_checkable
class LivePolicy(Policy, Protocol):
    """A policy that is asked in one step of the clock and heard in a later one; every ticket is heard once.

    While it is not live it answers at once, as any policy does.
    """

    def is_live(self, now: int) -> bool:
        """Whether the audience shall ask and hear instead of having answers at once, at a time (epoch ms)."""

    def ask(self, requests: SlateRequests) -> NDArray[np.int64]:
        """Take requests; returns the ticket of each, all greater than those before."""

    def hear(self) -> Heard | None:
        """What has come since the last call, without waiting for it."""

    def interrupted(self, requests: SlateRequests) -> Slates:
        """Slates for requests that were taken before a checkpoint, and cannot be heard of after it; counts them."""
