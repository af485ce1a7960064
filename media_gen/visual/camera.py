"""A pinhole camera in the OpenCV convention: +X right, +Y down, +Z forward, metres and pixels."""

import math
from dataclasses import dataclass

import numpy as np

from media_gen.visual.vectors import Floats, Matrix, rotate

__all__ = ["Camera"]


@dataclass(frozen=True)
class Camera:
    """An ideal camera: ``focal`` in pixels, principal point in the middle, ``pose`` camera to world (4x4).

    The pixel in column i and row j covers [i, i+1) x [j, j+1); its centre is at (i + 0.5, j + 0.5).
    """

    width: int
    height: int
    focal: float
    pose: Matrix

    @classmethod
    def look_at(
        cls, eye: Matrix, target: Matrix, *, field_of_view: float, width: int, height: int
    ) -> "Camera":
        """An upright camera that has ``target`` in its middle; ``field_of_view`` is horizontal, degrees."""
        forward = (target - eye) / math.dist(target, eye)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= math.hypot(*right)
        pose = np.eye(4)
        pose[:3, 0], pose[:3, 1], pose[:3, 2], pose[:3, 3] = right, np.cross(forward, right), forward, eye
        return cls(width, height, 0.5 * width / math.tan(math.radians(field_of_view) / 2), pose)

    @property
    def eye(self) -> Matrix:
        """The centre of projection in the world, shape (3,)."""
        return self.pose[:3, 3]

    @property
    def intrinsics(self) -> Matrix:
        """K, 3x3: pixel = K · camera point / Z."""
        return np.array(
            [[self.focal, 0.0, self.width / 2], [0.0, self.focal, self.height / 2], [0.0, 0.0, 1.0]]
        )

    def directions(self, u: Floats, v: Floats) -> Floats:
        """World directions (3, n) through image points, 1 long along the optical axis: t is planar depth."""
        x, y = (u - self.width / 2) * (1 / self.focal), (v - self.height / 2) * (1 / self.focal)
        return rotate(self.pose[:3, :3], np.stack([x, y, np.ones_like(x)]))

    def project(self, points: Matrix) -> Matrix:
        """Image points and depths (n, 3) as columns u, v, Z of world points (n, 3)."""
        x, y, z = ((points - self.eye) @ self.pose[:3, :3]).T
        return np.stack(
            [self.focal * x / z + self.width / 2, self.focal * y / z + self.height / 2, z], axis=1
        )
