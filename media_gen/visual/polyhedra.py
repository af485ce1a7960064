"""Convex polyhedra as the common part of half spaces."""

from itertools import combinations

import numpy as np

from media_gen.visual.intervals import away_from_zero, entered
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Floats, Matrix, dot

__all__ = ["Polyhedron"]


class Polyhedron(Solid):
    """The convex body where n · p <= offset for every face (n, offset): ``faces`` (m, 3) of unit normals."""

    def __init__(self, faces: Matrix, offsets: Matrix) -> None:
        self.faces, self.offsets = faces, offsets
        corners = _corners(faces, offsets)
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self.offsets = offsets - (faces * middle).sum(axis=1)
        self._half = (corners.max(axis=0) - middle).tolist()

    @property
    def half(self) -> tuple[float, float, float]:
        """Half extents, metres."""
        x, y, z = self._half
        return x, y, z

    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """See :meth:`Solid.enter`."""
        near = np.full(directions.shape[1], -np.inf, np.float32)
        far = -near
        for face, offset in zip(self.faces.astype(np.float32), self.offsets.tolist(), strict=True):
            slope = away_from_zero(dot(face, directions))
            t = (offset - dot(face, origins)) / slope
            near = np.where(slope < 0.0, np.maximum(near, t), near)
            far = np.where(slope < 0.0, far, np.minimum(far, t))
        return entered(near, far)

    def normals(self, points: Floats) -> Floats:
        """See :meth:`Solid.normals`."""
        faces = self.faces.astype(np.float32)
        heights = [
            dot(face, points) - float(offset) for face, offset in zip(faces, self.offsets, strict=True)
        ]
        facing: Floats = faces[np.argmax(heights, axis=0)].T
        return facing


def _corners(faces: Matrix, offsets: Matrix) -> Matrix:
    """Every point where three faces meet that all others leave in."""
    triples = np.array(list(combinations(range(len(faces)), 3)))
    systems = faces[triples]
    solvable = np.abs(np.linalg.det(systems)) > 1e-6
    points = np.linalg.solve(systems[solvable], offsets[triples[solvable]][..., None])[..., 0]
    inside: Matrix = points[((points @ faces.T) <= offsets + 1e-9).all(axis=1)]
    return inside
