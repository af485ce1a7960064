"""Rounded solids: every point within a radius of a core, found by sphere tracing (Hart 1996)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from media_gen.visual.intervals import NEAREST, Interval, box
from media_gen.visual.quadrics import Frustum
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Floats, dot, normalize

__all__ = ["Rounded", "block", "disc", "pill", "ring"]

_TOLERANCE = 1e-4  # metres; the last step leaves far less
_LEAST_STEP = 5e-4  # so that a ray that grazes gets past
_STEPS = 200  # only rays that graze need so many
_STEPS_BETWEEN_DROPS = 2


@dataclass(frozen=True)
class Rounded(Solid):
    """All points within ``radius`` of a core.

    ``nearest`` gives the core's nearest point to each point (3, n); ``bounds`` each ray's interval inside a
    convex body around the whole: the tighter, the fewer steps.
    """

    radius: float
    core_half: tuple[float, float, float]
    nearest: Callable[[Floats], Floats]
    bounds: Callable[[Floats, Floats], Interval]

    @property
    def half(self) -> tuple[float, float, float]:
        """Half extents, metres."""
        x, y, z = self.core_half
        return x + self.radius, y + self.radius, z + self.radius

    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """See :meth:`Solid.enter`."""
        near, far = self.bounds(origins, directions)
        near = np.maximum(near, NEAREST)
        found = np.full(directions.shape[1], np.inf, np.float32)
        rays = np.flatnonzero(near < far)
        starts = origins[:, rays] if origins.shape[1] > 1 else origins
        found[rays] = self._march(starts, directions[:, rays], near[rays], far[rays])
        return found

    def _march(self, origins: Floats, directions: Floats, t: Floats, far: Floats) -> Floats:
        found = np.full(len(t), np.inf, np.float32)
        rays = np.arange(len(t))
        per_metre = 1.0 / np.sqrt(dot(directions, directions))
        for step in range(_STEPS):
            points = origins + t * directions
            away = points - self.nearest(points)
            gap = np.sqrt(dot(away, away)) - self.radius
            t = t + np.where(gap < _TOLERANCE, gap, np.maximum(gap, _LEAST_STEP)) * per_metre
            if step % _STEPS_BETWEEN_DROPS == _STEPS_BETWEEN_DROPS - 1:
                arrived = gap < _TOLERANCE
                found[rays[arrived]] = t[arrived]
                alive = ~arrived & (t < far)
                if not alive.any():
                    break
                rays, t, far, per_metre = rays[alive], t[alive], far[alive], per_metre[alive]
                directions = directions[:, alive]
                origins = origins[:, alive] if origins.shape[1] > 1 else origins
        return found

    def normals(self, points: Floats) -> Floats:
        """See :meth:`Solid.normals`."""
        return normalize(points - self.nearest(points))


def block(half: tuple[float, float, float], radius: float) -> Rounded:
    """A box with rounded edges; ``half`` extents include the rounding."""
    x, y, z = (extent - radius for extent in half)
    limit = np.array([[x], [y], [z]], np.float32)
    return Rounded(radius, (x, y, z), lambda points: np.clip(points, -limit, limit), partial(box, half))


def pill(radius: float, half_height: float) -> Rounded:
    """An upright capsule."""
    limit = np.array([[0.0], [0.0], [half_height - radius]], np.float32)
    around = Frustum(radius, radius, half_height)
    core = 0.0, 0.0, half_height - radius
    return Rounded(radius, core, lambda points: np.clip(points, -limit, limit), around.interval)


def ring(outer: float, radius: float) -> Rounded:
    """A torus around z: ``outer`` to its rim, ``radius`` of its tube."""
    middle = outer - radius

    def nearest(points: Floats) -> Floats:
        scale = middle / np.sqrt(np.maximum(points[0] ** 2 + points[1] ** 2, 1e-12))
        found: Floats = points * scale
        found[2] = 0.0
        return found

    return Rounded(radius, (middle, middle, 0.0), nearest, Frustum(outer, outer, radius).interval)


def disc(outer: float, half_height: float, radius: float) -> Rounded:
    """An upright cylinder with rounded rims."""
    across, up = outer - radius, half_height - radius

    def nearest(points: Floats) -> Floats:
        scale = np.minimum(across / np.sqrt(np.maximum(points[0] ** 2 + points[1] ** 2, 1e-12)), 1.0)
        found: Floats = points * scale
        np.clip(points[2], -up, up, out=found[2])
        return found

    return Rounded(radius, (across, across, up), nearest, Frustum(outer, outer, half_height).interval)
