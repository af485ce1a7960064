"""Samples: the values of one feature over one span of time, numeric or categorical."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CategoricalSample",
    "EmptySampleError",
    "NumericSample",
    "Sample",
    "binned_counts",
    "quantile_edges",
]

Counts = NDArray[np.float64]


class EmptySampleError(ValueError):
    """A distance was asked for where one side has no values."""


@dataclass(frozen=True)
class NumericSample:
    """Numbers, sorted.

    >>> NumericSample.of([3, 1, 2]).values.tolist()
    [1.0, 2.0, 3.0]
    """

    values: NDArray[np.float64]

    @classmethod
    def of(cls, values: ArrayLike) -> "NumericSample":
        """A sample of these numbers, in any order; NaN is not a number."""
        return cls(np.sort(np.asarray(values, dtype=np.float64)))

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class CategoricalSample:
    """Names, with how often each came.

    >>> len(CategoricalSample({"tv": 3, "phone": 1}))
    4
    """

    counts: Mapping[str, int]

    def __len__(self) -> int:
        return sum(self.counts.values())


Sample = NumericSample | CategoricalSample


def quantile_edges(values: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Inner edges of bins of about equal share; fewer where many values are equal."""
    return np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))


def binned_counts(
    first: Sample, second: Sample, edges: NDArray[np.float64] | None = None
) -> tuple[Counts, Counts]:
    """Counts of both samples over the same bins: those between ``edges``, or one for each name in either."""
    if isinstance(first, NumericSample) and isinstance(second, NumericSample) and edges is not None:
        return _between(first, edges), _between(second, edges)
    if isinstance(first, CategoricalSample) and isinstance(second, CategoricalSample):
        names = sorted({*first.counts, *second.counts})
        return _of_names(first, names), _of_names(second, names)
    raise TypeError(f"cannot compare {type(first).__name__} with {type(second).__name__}")


def _between(sample: NumericSample, edges: NDArray[np.float64]) -> Counts:
    """Counts in (-inf, e0], (e0, e1], …, (en, inf)."""
    below = np.searchsorted(sample.values, edges, side="right")
    return np.diff(below, prepend=0, append=len(sample)).astype(np.float64)


def _of_names(sample: CategoricalSample, names: list[str]) -> Counts:
    return np.array([sample.counts.get(name, 0) for name in names], dtype=np.float64)
