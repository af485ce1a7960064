"""Tastes: turning them all at once, and the random part of their way."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.seeds import GOLDEN, scrambled

__all__ = ["noises", "turned"]

_BYTES_PER_WORD = 8
_FIRST_PURPOSE = 2**16
# A whole number from 0 to 255 has this standard deviation around 127.5.
_SPREAD = ((256**2 - 1) / 12) ** 0.5


def turned(taste: NDArray[Any], level: float | NDArray[np.float64], *, back: bool = False) -> NDArray[Any]:
    """Tastes (viewers × dimensions) turned by level - 1 quarter turns in the planes of dimensions 0 and 1, 2 and 3, ….

    The level is one for all, or one for each viewer.

    >>> turned(np.array([[1.0, 2.0, 3.0]]), 2).round(6).tolist()
    [[-2.0, 1.0, 3.0]]
    """
    if np.ndim(level) == 0 and level == 1:
        return taste
    angle = (1 - level if back else level - 1) * np.pi / 2
    angle = angle[:, None] if isinstance(angle, np.ndarray) and angle.ndim else angle
    cosine, sine = np.cos(angle), np.sin(angle)
    pairs = taste.shape[1] // 2 * 2
    even, odd = taste[:, 0:pairs:2], taste[:, 1:pairs:2]
    result = taste.copy()
    result[:, 0:pairs:2], result[:, 1:pairs:2] = cosine * even - sine * odd, sine * even + cosine * odd
    return result


def noises(bits: NDArray[np.uint64], dimensions: int) -> NDArray[np.float32]:
    """Random steps (rows × dimensions) of mean 0 and variance 1: uniform, which a walk of many makes normal."""
    words = -(-dimensions // _BYTES_PER_WORD)
    step = np.arange(_FIRST_PURPOSE, _FIRST_PURPOSE + words, dtype=np.uint64) * GOLDEN
    scattered = scrambled(bits[:, None] + step).view(np.uint8)[:, :dimensions]
    return (scattered.astype(np.float32) - np.float32(127.5)) / np.float32(_SPREAD)
