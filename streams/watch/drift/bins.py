"""Bins of a feature: where a reference puts its values, so that later windows can be counted alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.watch.drift.detector import Window
from streams.watch.drift.sample import quantile_edges

__all__ = ["Bins"]

_MOST = 12
_FEWEST_EXPECTED = 0.005


@dataclass(frozen=True)
class Bins:
    """Twelve quantile bins of numbers, or one bin for each name that is not rare and one for all others; and one for
    what is missing (NaN), the last.

    >>> bins = Bins.of(np.arange(120.0), categorical=False)
    >>> bins.codes(np.array([-5.0, 9.0, 10.0, 999.0])).tolist()
    [0, 0, 1, 11]
    """

    edges: NDArray[np.float64] | None
    codes_of: dict[int, int]
    ridits: NDArray[np.float64]
    """Of each bin: the share of the reference below its middle (Bross 1958)."""

    @classmethod
    def of(cls, values: NDArray[np.float64], *, categorical: bool) -> "Bins":
        """Bins of a reference; names are given by their numbers."""
        edges, codes_of = None, {}
        if categorical:
            names, counts = np.unique(values, return_counts=True)
            usual = names[counts >= _FEWEST_EXPECTED * len(values)]
            codes_of = {int(name): code for code, name in enumerate(usual)}
        else:
            edges = quantile_edges(values, _MOST)
        bare = cls(edges, codes_of, np.zeros(0))
        shares = np.bincount(bare.codes(values), minlength=len(bare)) / len(values)
        return cls(edges, codes_of, np.cumsum(shares) - shares / 2)

    @classmethod
    def over(cls, reference: Sequence[Window], *, categorical: bool) -> "Bins":
        """Bins of all windows of a reference."""
        present = np.concatenate([window.first for window in reference])
        return cls.of(present if len(present) else np.zeros(1), categorical=categorical)

    def __len__(self) -> int:
        return (len(self.codes_of) if self.edges is None else len(self.edges)) + 2

    def codes(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """The bin of each value."""
        missing = np.isnan(values)
        values = np.where(missing, 0, values) if missing.any() else values
        codes = self._present(values)
        return np.where(missing, len(self) - 1, codes) if missing.any() else codes

    def _present(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        if self.edges is not None:
            return np.searchsorted(self.edges, values, side="left")
        names, where = np.unique(values, return_inverse=True)
        others = len(self.codes_of)
        return np.array([self.codes_of.get(int(name), others) for name in names], dtype=np.int64)[where]

    def counts(
        self, values: NDArray[np.float64], slices: NDArray[np.int64], count: int
    ) -> NDArray[np.float64]:
        """Values by slice of time and bin (slices × bins)."""
        flat = np.bincount(slices * len(self) + self.codes(values), minlength=count * len(self))
        return flat.reshape(count, len(self)).astype(np.float64)
