"""What viewers rate and how: activity, stars, and how far viewers and items differ."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.stats import spearmanr

from sim.batch import Columns
from sim.calibration.chronicle import Chronicle
from sim.calibration.pairs import first_of_pairs, frequent
from sim.calibration.statistic import Statistic, quantiles
from sim.plugin import Plugin

__all__ = ["ActivityQuantiles", "Rated", "StarMoments", "StarShares", "StarSpread", "StarsByPopularity"]

_LEAST = 20


class Rated(Plugin):
    """The rows of a rating data set: the first rating of each pair, of viewers with enough of them."""

    least: int = Field(default=1, ge=1)
    """Ratings that a viewer needs to be in the data set, as MovieLens asks for 20."""

    @property
    def kinds(self) -> frozenset[str]:
        """Ratings."""
        return frozenset({"rate"})

    def rows(self, chronicle: Chronicle) -> Columns:
        """The ratings that count."""
        return frequent(first_of_pairs(chronicle.of("rate")), self.least)

    def item_counts(self, chronicle: Chronicle) -> NDArray[np.int64]:
        """Ratings of each item that has any."""
        return _present(self.rows(chronicle)["item_id"])


def _present(codes: NDArray[Any]) -> NDArray[np.int64]:
    counts = np.bincount(codes)
    return counts[counts > 0]


class ActivityQuantiles(Rated, Statistic):
    """Quantiles and mean of the ratings of a viewer."""

    kind: Literal["activity_quantiles"] = "activity_quantiles"
    at: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9, 0.99)
    """Quantiles, from 0 to 1."""

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Ratings by quantile, and ``mean``."""
        counts = _present(self.rows(chronicle)["user_id"])
        mean = float(counts.mean()) if len(counts) else float("nan")
        return {**quantiles(counts, self.at), "mean": mean}


class StarShares(Rated, Statistic):
    """Share of each number of stars."""

    kind: Literal["star_shares"] = "star_shares"
    share: ClassVar[bool] = True

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Shares labelled by the number of stars."""
        stars = self.rows(chronicle)["stars"].astype(np.int64)
        counts = np.bincount(stars, minlength=6)[1:6]
        return {str(star): float(c / max(len(stars), 1)) for star, c in enumerate(counts, start=1)}


class StarMoments(Rated, Statistic):
    """Mean and standard deviation of all stars."""

    kind: Literal["star_moments"] = "star_moments"

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``mean`` and ``sd``."""
        stars = self.rows(chronicle)["stars"]
        if not len(stars):
            return {"mean": float("nan"), "sd": float("nan")}
        return {"mean": float(stars.mean()), "sd": float(stars.std())}


class StarSpread(Rated, Statistic):
    """Standard deviation of mean stars, among viewers and among items with at least 20 ratings."""

    kind: Literal["star_spread"] = "star_spread"

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``users`` and ``items``."""
        rows = self.rows(chronicle)
        users, _ = _means(rows["user_id"], rows["stars"], 1)
        items, _ = _means(rows["item_id"], rows["stars"], _LEAST)
        return {
            name: float(m.std()) if len(m) else float("nan")
            for name, m in (("users", users), ("items", items))
        }


class StarsByPopularity(Rated, Statistic):
    """Spearman's rank correlation of an item's number of ratings and its mean stars (items with at least 20)."""

    kind: Literal["stars_by_popularity"] = "stars_by_popularity"
    share: ClassVar[bool] = True

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """The correlation."""
        rows = self.rows(chronicle)
        means, counts = _means(rows["item_id"], rows["stars"], _LEAST)
        return {"": float(spearmanr(counts, means).statistic) if len(means) > 2 else float("nan")}


def _means(
    codes: NDArray[Any], values: NDArray[Any], least: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    counts = np.bincount(codes)
    sums = np.bincount(codes, weights=values)
    kept = counts >= max(least, 1)
    return sums[kept] / counts[kept], counts[kept]
