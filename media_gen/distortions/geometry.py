"""Geometry: where the points of a picture go to when it is cropped, turned, mirrored or resized."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Geometry"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Geometry:
    """A 3 x 3 matrix from points (x, y, 1) of the old picture to those of the new one, and the new size in pixels.

    ``whole`` says that nothing was cut off.
    """

    matrix: Matrix
    width: int
    height: int
    whole: bool

    @property
    def inverse(self) -> Matrix:
        """From new points to old ones."""
        return np.asarray(np.linalg.inv(self.matrix), np.float64)

    def map(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """A map of truth (height, width, …) at the new pixel centres: the old pixel under each, 0 where none is."""
        v, u = np.indices((self.height, self.width)) + 0.5
        old = np.tensordot(self.inverse[:2], np.stack([u, v, np.ones_like(u)]), axes=1)
        columns, rows = np.floor(old + 1e-9).astype(np.int64)
        inside = (columns >= 0) & (columns < pixels.shape[1]) & (rows >= 0) & (rows < pixels.shape[0])
        moved = np.zeros((self.height, self.width, *pixels.shape[2:]), pixels.dtype)
        moved[inside] = pixels[rows[inside], columns[inside]]
        return moved

    def box(self, box: list[int] | None) -> list[int] | None:
        """The box [x, y, width, height] around a moved box, within the picture; None if nothing is left of it."""
        if box is None:
            return None
        x, y, w, h = box
        corners = np.array([[x, y, 1], [x + w, y, 1], [x, y + h, 1], [x + w, y + h, 1]]) @ self.matrix[:2].T
        left, top = np.floor(corners.min(axis=0) + 1e-6).astype(int).clip(0, [self.width, self.height])
        right, bottom = np.ceil(corners.max(axis=0) - 1e-6).astype(int).clip(0, [self.width, self.height])
        if right <= left or bottom <= top:
            return None
        return [int(left), int(top), int(right - left), int(bottom - top)]
