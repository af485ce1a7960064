"""A recommender: who answers slate requests, with the probability of what it answered."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.plugin import Family, OneOf, Plugin

__all__ = ["RECOMMENDERS", "AnyRecommender", "Policy", "Recommender", "SlateRequests", "Slates"]


@dataclass(frozen=True)
class SlateRequests:
    """Slates asked for in one step: who asks, from which region, when, and 64 random bits for each.

    ``recent`` holds what each viewer played last, newest first (requests × remembered items, -1 where nothing was).
    """

    viewer: NDArray[np.int64]
    region: NDArray[np.uint8]
    at: NDArray[np.int64]
    bits: NDArray[np.uint64]
    size: int
    recent: NDArray[np.int32]


@dataclass(frozen=True)
class Slates:
    """The answers: items and their propensities, one row a request, ranks from left to right.

    ``policy`` is who answered each request: an index into the recommender's ``policies``.
    """

    items: NDArray[np.int32]
    propensity: NDArray[np.float32]
    policy: NDArray[np.uint8]


class Policy(Protocol):
    """A recommender at work on a catalogue."""

    def refresh(self, now: int) -> None:
        """Take notice of the catalogue as it is now."""

    def answer(self, requests: SlateRequests) -> Slates:
        """The slate for each request."""


class Recommender(Plugin):
    """A way to fill slates; its fields are its parameters."""

    @property
    def policies(self) -> tuple[str, ...]:
        """Names under which slates are logged; more than one where several policies share the audience."""
        return (self.kind,)

    @abstractmethod
    def open(self, catalog: Catalog, *, regions: int, size: int) -> Policy:
        """The policy, ready to answer requests for slates of a size from any of the regions."""


RECOMMENDERS = Family("recommender", Recommender, "sim.recommenders")
AnyRecommender = Annotated[Recommender, OneOf(RECOMMENDERS)]
