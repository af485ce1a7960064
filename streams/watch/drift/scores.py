"""Normal scores: numbers of any law as if they were normal, by their rank in a reference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["NormalScores"]

_MOST = 20_000


@dataclass(frozen=True)
class NormalScores:
    """The sorted values of a reference, one column a field (van der Waerden 1952).

    >>> scores = NormalScores.of(np.arange(99.0)[:, None])
    >>> scores.scored(np.array([[49.0], [-5.0]])).round(1).tolist()
    [[0.0], [-2.6]]
    """

    columns: tuple[NDArray[np.float64], ...]

    @classmethod
    def of(cls, rows: NDArray[np.float64]) -> "NormalScores":
        """The scores that a reference gives (rows × fields)."""
        return cls(tuple(np.sort(column[:: max(1, len(column) // _MOST)]) for column in rows.T))

    def scored(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The normal score of each number; of equal ones, that of their middle."""
        return np.stack(
            [
                ndtri(
                    (np.searchsorted(known, column, "left") + np.searchsorted(known, column, "right") + 1)
                    / (2 * len(known) + 2)
                )
                for known, column in zip(self.columns, rows.T, strict=True)
            ],
            axis=1,
        )
