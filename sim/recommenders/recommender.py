"""A recommender: who answers slate requests, with the probability of what it answered."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.plugin import Family, OneOf, Plugin

__all__ = ["RECOMMENDERS", "AnyRecommender", "AnySolo", "Encounters", "Observed", "Panel", "Panels", "Policy"]
__all__ += ["Recommender", "SlateRequests", "Slates", "Solo", "TransparentPolicy"]


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

    def __len__(self) -> int:
        return len(self.viewer)

    def rows(self, rows: NDArray[Any] | slice) -> "SlateRequests":
        """Some of the requests."""
        columns = {name: getattr(self, name)[rows] for name in ("viewer", "region", "at", "bits", "recent")}
        return replace(self, **columns)


@dataclass(frozen=True)
class Slates:
    """The answers: items and their propensities, one row a request, ranks from left to right.

    A propensity is the probability, given the request without its random bits, that the policy shows this item at
    this rank. ``policy`` is who answered, an index into the recommender's ``policies``: one a request, or one an item
    (requests × ranks) where several policies share a slate.
    """

    items: NDArray[np.int32]
    propensity: NDArray[np.float32]
    policy: NDArray[np.uint8]

    @property
    def policy_of_items(self) -> NDArray[np.uint8]:
        """Who chose each item, one row a request."""
        by_request = self.policy if self.policy.ndim == 2 else self.policy[:, None]
        return np.broadcast_to(by_request, self.items.shape)


class Policy(Protocol):
    """A recommender at work on a catalogue."""

    def refresh(self, now: int) -> None:
        """Take notice of the catalogue as it is now, and of what the panel did until now."""

    def answer(self, requests: SlateRequests) -> Slates:
        """The slate for each request."""


class TransparentPolicy(Policy, Protocol):
    """A policy that tells how probable any item is at any rank: what off-policy evaluation asks of its target."""

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Probability of each item (requests × ranks) at its rank; 0 for what the policy never shows there."""


@dataclass(frozen=True)
class Encounters:
    """Meetings of viewers and items, one entry each: ``at`` is epoch ms, ``rank`` counts from 1."""

    viewer: NDArray[np.int64]
    region: NDArray[np.uint8]
    item: NDArray[np.int64]
    rank: NDArray[np.int64]
    at: NDArray[np.int64]


@dataclass(frozen=True)
class Observed:
    """What a panel was shown, and what of it was picked."""

    shown: Encounters
    picked: Encounters


class Panel(Protocol):
    """A small audience that a policy serves and learns from; the same in every shard."""

    def until(self, now: int) -> Observed:
        """What the panel did since the last call, until now (epoch ms)."""


class Panels(Protocol):
    """Where a policy that learns gets its panel."""

    def seated(self, policy: Policy, *, viewers: int, history: float) -> Panel:
        """A panel of so many viewers, who were here so many times on average before the run began."""


class Recommender(Plugin):
    """A way to fill slates; its fields are its parameters."""

    @property
    def policies(self) -> tuple[str, ...]:
        """Names under which slates are logged; more than one where several policies share the audience."""
        return (self.kind,)

    @abstractmethod
    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> Policy:
        """The policy, ready to answer requests for slates of a size from any of the regions."""


class Solo(Recommender):
    """A recommender that fills slates by itself, and may be a part of one that has several."""


RECOMMENDERS = Family("recommender", Recommender, "sim.recommenders")
AnyRecommender = Annotated[Recommender, OneOf(RECOMMENDERS)]
AnySolo = Annotated[Solo, OneOf(Family("recommender", Solo, "sim.recommenders"))]
"""One that holds no other: a schema of recommenders within recommenders would have no end."""
