"""Stars of a log: the ordered probit that gives its shares, and how much viewers and items differ."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.log.log import Log

__all__ = ["rating_law", "variance_between"]

_LEAST = 5
# Part of what neither viewer nor item explains that is put down to taste.
_TASTE = 0.1


def variance_between(codes: NDArray[Any], values: NDArray[np.float64]) -> float:
    """Variance of the groups' true means: that of their observed ones, less what chance adds (method of moments)."""
    counts = np.bincount(codes)
    means = np.bincount(codes, weights=values) / np.maximum(counts, 1)
    squares = np.bincount(codes, weights=(values - means[codes]) ** 2)
    often = counts >= _LEAST
    if often.sum() < 3:
        return 0.0
    chance = squares[often].sum() / (counts[often] - 1).sum() * (1 / counts[often]).mean()
    return float(max(means[often].var() - chance, 0.0))


def rating_law(log: Log) -> dict[str, Any]:
    """The rating behaviour of a log's users; five equally likely stars if it has no ratings."""
    kind = {"kind": "ordered_probit"}
    if "rating" not in log.extra:
        return {**kind, "shares": [0.2] * 5}
    rating = log.extra["rating"]
    user = variance_between(log.user, rating)
    item = variance_between(log.item, rating)
    rest = max(float(rating.var()) - user - item, 0.1)
    halves = np.rint(2 * rating).astype(np.int64)
    whole = not (halves % 2).any()
    counts = np.bincount(np.clip(halves, 1, 10), minlength=11)[1:]
    shares = counts[1::2] if whole else counts
    return {
        **kind,
        "shares": [float(f"{s:.5f}") for s in shares / shares.sum()],
        "viewers": float(f"{user**0.5:.4f}"),
        "items": float(f"{item**0.5:.4f}"),
        "taste": float(f"{(_TASTE * rest) ** 0.5:.4f}"),
        "noise": float(f"{((1 - _TASTE) * rest) ** 0.5:.4f}"),
    }
