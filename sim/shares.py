"""Shares: relative weights of named things, and columns of codes drawn by them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["coded", "shares"]


def shares(weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Weights scaled to a sum of 1; ValueError if one is negative or none is positive."""
    values = np.array(list(weights.values()), dtype=np.float64)
    if len(values) == 0 or values.min() < 0 or values.sum() <= 0:
        raise ValueError(f"shares {dict(weights)} must not be negative, and one must be above 0")
    total: NDArray[np.float64] = values / values.sum()
    return total


def coded(weights: NDArray[np.float64], uniform: NDArray[Any]) -> NDArray[np.uint8]:
    """The code (place among the weights) that each uniform number falls on."""
    return np.searchsorted(np.cumsum(weights)[:-1], uniform, side="right").astype(np.uint8)
