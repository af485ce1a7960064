"""A statistic: numbers with names, computed from a chronicle alone."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.calibration.chronicle import Chronicle
from sim.plugin import Family, OneOf, Plugin

__all__ = ["STATISTICS", "AnyStatistic", "Statistic", "quantiles", "share"]


class Statistic(Plugin):
    """What can be counted in a chronicle; it knows nothing of the parameters that the chronicle was made with.

    ``share`` is true where the numbers are shares of a whole or a Gini coefficient, for which a distance of 0.03
    counts as near, whatever the number.
    """

    share: ClassVar[bool] = False

    @property
    @abstractmethod
    def kinds(self) -> frozenset[str]:
        """Kinds of record whose columns it needs."""

    @abstractmethod
    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """The numbers, each under its label; a statistic of one number labels it ``""``. NaN where nothing happened."""


def quantiles(values: ArrayLike, at: tuple[float, ...]) -> Mapping[str, float]:
    """Quantiles labelled by their per cent: ``p25`` for 0.25.

    >>> dict(quantiles([1, 2, 3], (0.5,)))
    {'p50': 2.0}
    """
    found: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    if not len(found):
        return {f"p{100 * q:g}": float("nan") for q in at}
    return {f"p{100 * q:g}": float(x) for q, x in zip(at, np.quantile(found, at), strict=True)}


def share(which: NDArray[np.bool_]) -> float:
    """The share of rows that are true; NaN of none."""
    return float(which.mean()) if len(which) else float("nan")


STATISTICS = Family("statistic", Statistic, "sim.calibration.statistics")
AnyStatistic = Annotated[Statistic, OneOf(STATISTICS)]
