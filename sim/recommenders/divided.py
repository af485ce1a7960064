"""Divided audiences: several policies of which each answers its part of the requests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.recommenders.recommender import Policy, SlateRequests, Slates, TransparentPolicy

__all__ = ["Division", "merged"]


def merged(parts: Sequence[tuple[NDArray[np.int64], Slates, int]], count: int, size: int) -> Slates:
    """One set of slates out of parts: the requests each answers, its slates, and the number of its first policy.

    >>> slates = Slates(np.array([[3, 1]], np.int32), np.ones((1, 2), np.float32), np.zeros(1, np.uint8))
    >>> merged([(np.array([1]), slates, 0), (np.array([0]), slates, 1)], 2, 2).policy_of_items.tolist()
    [[1, 1], [0, 0]]
    """
    items = np.empty((count, size), dtype=np.int32)
    propensity = np.empty((count, size), dtype=np.float32)
    policy = np.empty((count, size), dtype=np.uint8)
    for rows, slates, first in parts:
        items[rows], propensity[rows] = slates.items, slates.propensity
        policy[rows] = slates.policy_of_items + np.uint8(first)
    return Slates(items, propensity, policy)


@dataclass(frozen=True)
class Division:
    """Policies side by side; ``firsts`` is where the names of each begin among those of all."""

    policies: tuple[TransparentPolicy, ...]
    firsts: tuple[int, ...]
    size: int

    @classmethod
    def of(cls, opened: Sequence[tuple[Policy, int]], size: int) -> "Division":
        """Policies with how many names each logs under."""
        ends = np.cumsum([names for _, names in opened])
        policies: tuple[TransparentPolicy, ...] = tuple(policy for policy, _ in opened)  # type: ignore[misc]
        return cls(policies, (0, *(int(end) for end in ends[:-1])), size)

    def refresh(self, now: int) -> None:
        """Refresh every policy."""
        for policy in self.policies:
            policy.refresh(now)

    def answer(self, requests: SlateRequests, whose: NDArray[np.int64]) -> Slates:
        """The slates, each by the policy whose number stands beside the request."""
        parts = []
        for code, policy in enumerate(self.policies):
            rows = np.flatnonzero(whose == code)
            if len(rows):
                parts.append((rows, policy.answer(requests.rows(rows)), self.firsts[code]))
        return merged(parts, len(requests), self.size)

    def propensities(
        self, requests: SlateRequests, items: NDArray[np.int32], whose: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Probability of each item at its rank, by the policy whose number stands beside the request."""
        told = np.empty(items.shape)
        for code, policy in enumerate(self.policies):
            rows = np.flatnonzero(whose == code)
            told[rows] = policy.propensities(requests.rows(rows), items[rows])
        return told
