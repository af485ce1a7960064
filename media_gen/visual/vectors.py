"""Columns of 3-vectors: float32 arrays of shape (3, n), one row per axis.

Only +, −, ×, ÷ and √ are used, which IEEE 754 rounds alike on every processor, and no BLAS, which would start
threads: so a picture hardly depends on the machine that renders it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Indices", "Matrix", "column", "dot", "normalize", "rotate", "smoothstep"]

Floats = NDArray[np.floating[Any]]
"""Always float32 in fact."""

Indices = NDArray[np.intp]
Matrix = NDArray[np.float64]


def column(vector: object) -> Floats:
    """One vector as a (3, 1) column, which broadcasts against (3, n)."""
    return np.asarray(vector, dtype=np.float32).reshape(3, 1)


def dot(a: Floats, b: Floats) -> Floats:
    """Scalar products of columns, shape (n,)."""
    total: Floats = a[0] * b[0]
    total += a[1] * b[1]
    total += a[2] * b[2]
    return total


def normalize(vectors: Floats) -> Floats:
    """The columns at length 1; zero columns stay zero."""
    return vectors / np.sqrt(np.maximum(dot(vectors, vectors), 1e-20))


def rotate(rotation: Matrix, vectors: Floats) -> Floats:
    """A 3x3 rotation applied to every column."""
    rotated = np.empty(vectors.shape, np.float32)
    for row, out in zip(rotation.astype(np.float32), rotated, strict=True):
        out[:] = dot(row, vectors)
    return rotated


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 below ``low``, 1 above ``high`` and a smooth cubic in between; descending if ``low > high``."""
    t: Floats = np.clip((x - low) * (1.0 / (high - low)), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
