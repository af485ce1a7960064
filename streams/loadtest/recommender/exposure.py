"""Exposure: how the attention that a recommender gives is spread over the catalogue."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Exposure", "gini", "intra_list_diversity"]


def gini(counts: NDArray[Any]) -> float | None:
    """Gini coefficient of counts: 0 if all are equal, towards 1 if one has everything; None if all are 0.

    >>> gini(np.array([1, 1, 1, 1])), gini(np.array([0, 0, 0, 4]))
    (0.0, 0.75)
    """
    total, size = float(counts.sum()), len(counts)
    if not total:
        return None
    ranked = np.sort(counts)
    value = 2 * float((np.arange(1, size + 1) * ranked).sum()) / (size * total) - (size + 1) / size
    return round(abs(value), 6)


def intra_list_diversity(slate: NDArray[Any], genre: NDArray[Any], genres: int) -> tuple[float, int]:
    """Sum over slates of the share of item pairs that differ in genre (Ziegler et al. 2005), and how many slates.

    ``slate`` numbers the slates from 0, an entry an item.
    """
    counts = np.bincount(slate * genres + genre, minlength=(int(slate[-1]) + 1) * genres).reshape(-1, genres)
    size = counts.sum(axis=1)
    whole = size > 1
    alike = (counts * (counts - 1)).sum(axis=1)[whole] / (size * (size - 1))[whole]
    return float((1 - alike).sum()), int(whole.sum())


class Exposure:
    """Impressions of each item, and checkpoints of their inequality (popularity feedback: Gini over time)."""

    def __init__(self) -> None:
        self.counts = np.zeros(0, dtype=np.int64)
        self.history: list[dict[str, float | None]] = []

    def show(self, items: NDArray[Any]) -> None:
        """Count impressions."""
        found = np.bincount(items, minlength=len(self.counts))
        found[: len(self.counts)] += self.counts
        self.counts = found

    def of(self, items: NDArray[Any]) -> NDArray[np.int64]:
        """Impressions of some items."""
        missing = max(0, int(items.max(initial=-1)) + 1 - len(self.counts))
        found: NDArray[np.int64] = np.pad(self.counts, (0, missing))[items]
        return found

    def coverage(self, items: NDArray[Any]) -> float:
        """Share of the items that were shown at all."""
        return round(float((self.of(items) > 0).mean()), 6) if len(items) else 0.0

    def check(self, seconds: float, items: NDArray[Any]) -> None:
        """Keep a checkpoint: simulated seconds since the beginning, Gini and coverage over the items there are."""
        self.history.append(
            {
                "simulated_s": round(seconds, 3),
                "gini": gini(self.of(items)),
                "coverage": self.coverage(items),
            }
        )
