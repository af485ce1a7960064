"""Balls, cylinders and cones, solved in closed form."""

from dataclasses import dataclass

import numpy as np

from media_gen.visual.intervals import NEAREST, Interval, away_from_zero, entered, slab
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Floats, dot, normalize

__all__ = ["Ball", "Frustum"]


@dataclass(frozen=True)
class Ball(Solid):
    """A sphere."""

    radius: float

    @property
    def half(self) -> tuple[float, float, float]:
        """Half extents, metres."""
        return (self.radius,) * 3

    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """See :meth:`Solid.enter`; solved from the point of closest approach, which keeps float32 precise."""
        a = dot(directions, directions)
        closest = -dot(origins, directions) / a
        miss = origins + closest * directions
        gap = self.radius * self.radius - dot(miss, miss)
        near = closest - np.sqrt(np.maximum(gap, 0.0) / a)
        return np.where((gap >= 0.0) & (near > NEAREST), near, np.float32(np.inf))

    def normals(self, points: Floats) -> Floats:
        """See :meth:`Solid.normals`."""
        return normalize(points)


@dataclass(frozen=True)
class Frustum(Solid):
    """An upright cylinder whose radius goes from ``bottom`` to ``top``: a cone if one of them is 0."""

    bottom: float
    top: float
    half_height: float

    @property
    def half(self) -> tuple[float, float, float]:
        """Half extents, metres."""
        radius = max(self.bottom, self.top)
        return radius, radius, self.half_height

    @property
    def _middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def _slope(self) -> float:
        return (self.top - self.bottom) / (2 * self.half_height)

    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """See :meth:`Solid.enter`."""
        return entered(*self.interval(origins, directions))

    def interval(self, origins: Floats, directions: Floats) -> Interval:
        """The t between which each ray is inside; none where the first is greater than the second."""
        bottom, top = slab(self.half_height, origins[2], directions[2])
        near, far = self._inside_cone(origins, directions)
        return np.maximum(near, bottom), np.minimum(far, top)

    def _inside_cone(self, origins: Floats, directions: Floats) -> Interval:
        """Where the ray is inside the mantle, carried on beyond both ends."""
        radius, growth = self._middle + self._slope * origins[2], self._slope * directions[2]
        a = away_from_zero(directions[0] ** 2 + directions[1] ** 2 - growth**2)
        b = directions[0] * origins[0] + directions[1] * origins[1] - growth * radius
        c = origins[0] ** 2 + origins[1] ** 2 - radius**2
        gap = b * b - a * c
        root = np.sqrt(np.maximum(gap, 0.0))
        first, second = (
            np.minimum((-b - root) / a, (-b + root) / a),
            np.maximum((-b - root) / a, (-b + root) / a),
        )
        return self._this_nappe(a, gap, growth, first, second)

    @staticmethod
    def _this_nappe(a: Floats, gap: Floats, growth: Floats, first: Floats, second: Floats) -> Interval:
        """A ray steeper than the mantle is inside before the first and after the second root: keep one."""
        infinity = np.float32(np.inf)
        steep, rising = a < 0.0, growth > 0.0
        near = np.where(steep, np.where(rising, second, -infinity), np.where(gap < 0.0, infinity, first))
        return near, np.where(steep & rising, infinity, np.where(steep, first, second))

    def normals(self, points: Floats) -> Floats:
        """See :meth:`Solid.normals`."""
        across = np.sqrt(points[0] ** 2 + points[1] ** 2)
        mantle = np.stack([points[0], points[1], -self._slope * across])
        cap = np.zeros_like(points)
        cap[2] = np.where(points[2] > 0.0, 1.0, -1.0)
        depth_in_cap = self.half_height - np.abs(points[2])
        depth_in_mantle = np.abs(self._middle + self._slope * points[2] - across)
        return np.where(depth_in_cap < depth_in_mantle, cap, normalize(mantle))
