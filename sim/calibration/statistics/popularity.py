"""How unequally items are met: Gini coefficient and shares of the most popular."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.calibration.chronicle import Chronicle
from sim.calibration.statistic import Statistic
from sim.calibration.statistics.ratings import Rated

__all__ = ["ItemGini", "TopShare", "gini"]


def gini(counts: NDArray[Any]) -> float:
    """Gini coefficient of counts: 0 if all are equal, near 1 if one has everything (Gini 1912).

    >>> gini(np.array([1, 1, 1, 1])), gini(np.array([0, 0, 0, 4]))
    (0.0, 0.75)
    """
    ordered = np.sort(counts.astype(np.float64))
    total, n = ordered.sum(), len(ordered)
    if not total:
        return float("nan")
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * total) - (n + 1) / n)


class ItemGini(Rated, Statistic):
    """Gini coefficient of how often items that were rated at all were rated."""

    kind: Literal["item_gini"] = "item_gini"
    share: ClassVar[bool] = True

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """The coefficient."""
        return {"": gini(self.item_counts(chronicle))}


class TopShare(Rated, Statistic):
    """Share of all ratings that falls on the most rated items, by per cent of the items."""

    kind: Literal["top_share"] = "top_share"
    share: ClassVar[bool] = True
    percent: tuple[float, ...] = Field(default=(1, 5, 10, 20), min_length=1)
    """Per cent of the items."""

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """A share for each per cent, labelled ``top1pct``."""
        counts = np.sort(self.item_counts(chronicle))[::-1]
        total = max(int(counts.sum()), 1)
        return {
            f"top{p:g}pct": float(counts[: max(1, round(len(counts) * p / 100))].sum() / total)
            for p in self.percent
        }
