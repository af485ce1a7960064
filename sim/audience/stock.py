"""The stock: what an audience is made of that has been coming and going for years."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.churn import Churn

__all__ = ["Stock"]

_DAYS = 3650
_SPELLS = 3
_GRID = (np.arange(4096) + 0.5) / 4096


@dataclass(frozen=True)
class Stock:
    """Tenure and number of subscriptions of those who are there, and how many are away but will be back.

    The balance of a service that has had as many new subscribers every day for ten years. ``spells`` is the share of
    members in each subscription of theirs (the last stands for all later ones), ``passed`` the distribution of the
    days since it began, a row each; ``away`` the share of viewers who are away for a while.
    """

    spells: NDArray[np.float64]
    passed: NDArray[np.float64]
    away: float

    @classmethod
    def of(cls, churn: Churn) -> "Stock":
        """The stock of an audience that churns."""
        days = np.arange(_DAYS, dtype=np.float64)
        hazard = np.stack([churn.cancelling(days, np.full(_DAYS, n + 1)) for n in range(_SPELLS)])
        left = np.exp(-np.cumsum(hazard, axis=1) + hazard / 2)
        back = float(churn.returners(_GRID).mean())
        # Of all who subscribe, these do so for the first, second and any later time.
        begun = np.array([1 - back, (1 - back) * back, back**2])
        weight = begun * left.sum(axis=1)
        cancelling = float((begun * (hazard * left).sum(axis=1)).sum() / weight.sum())
        absent = np.exp(-np.cumsum(churn.resubscribing(days))).sum() * cancelling * back
        passed = np.cumsum(left, axis=1) / left.sum(axis=1, keepdims=True)
        return cls(weight / weight.sum(), passed, float(absent / (1 + absent)))

    def drawn(self, which: NDArray[Any], when: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Number of the subscription, and days since it began, for two columns of uniform numbers."""
        spell = np.searchsorted(np.cumsum(self.spells)[:-1], which, side="right")
        days = np.empty(len(which), dtype=np.int64)
        for number in range(_SPELLS):
            rows = np.flatnonzero(spell == number)
            days[rows] = np.searchsorted(self.passed[number], when[rows], side="right")
        return (spell + 1).astype(np.uint8), np.minimum(days, _DAYS - 1)
