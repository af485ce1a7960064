"""A model of rewards: what an item earns at a rank, as the log shows it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RewardModel", "halves"]

_DOUBT = 20.0


@dataclass(frozen=True)
class RewardModel:
    """Reward of an item at a rank: how well the rank does × how well the item does against others at its ranks.

    The position-based model in means, each item drawn towards the mean by the weight of twenty looks.
    """

    by_rank: NDArray[np.float64]
    by_item: NDArray[np.float64]

    @classmethod
    def fitted(cls, items: NDArray[Any], reward: NDArray[np.float64], *, count: int) -> "RewardModel":
        """The model of logged slates (slates × ranks) of ``count`` items in all.

        >>> model = RewardModel.fitted(np.array([[0], [1]]), np.array([[1.0], [0.0]]), count=3)
        >>> model.predicted(np.array([[0], [1], [2]])).round(2).ravel().tolist()
        [0.52, 0.48, 0.5]
        """
        by_rank = reward.mean(axis=0) if len(reward) else np.zeros(reward.shape[1])
        mean = max(float(by_rank.mean()), 1e-300)
        usual = np.broadcast_to(by_rank / mean, reward.shape).ravel()
        earned = np.bincount(items.ravel(), reward.ravel(), count)
        looks = np.bincount(items.ravel(), usual, count)
        return cls(by_rank, (earned / mean + _DOUBT) / (looks + _DOUBT))

    def predicted(self, items: NDArray[Any]) -> NDArray[np.float64]:
        """Expected reward of items (slates × ranks) where they stand."""
        predicted: NDArray[np.float64] = self.by_item[items] * self.by_rank
        return predicted


def halves(viewer: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which half of the viewers each slate belongs to: a model is fitted to one and judged on the other."""
    half: NDArray[np.bool_] = viewer % 2 == 1
    return half
