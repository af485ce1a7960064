"""Intervals of the ray parameter inside convex bodies (Kay and Kajiya 1986, "Ray tracing complex scenes")."""

import numpy as np

from media_gen.visual.vectors import Floats

__all__ = ["NEAREST", "Interval", "away_from_zero", "box", "entered", "slab"]

NEAREST = 1e-4
"""A ray that starts on a surface does not hit it: nothing closer counts."""

Interval = tuple[Floats, Floats]


def entered(near: Floats, far: Floats) -> Floats:
    """The t at which rays enter, inf where the interval is empty or begins behind the ray's start."""
    return np.where((near <= far) & (near > NEAREST), near, np.float32(np.inf))


def away_from_zero(x: Floats) -> Floats:
    """A divisor: tiny where it would be zero."""
    return np.where(np.abs(x) < 1e-9, np.float32(1e-9), x)


def slab(half: float, origin: Floats, direction: Floats) -> Interval:
    """The interval between two planes at -half and half on one axis."""
    inverse = 1.0 / away_from_zero(direction)
    a, b = (-half - origin) * inverse, (half - origin) * inverse
    return np.minimum(a, b), np.maximum(a, b)


def box(half: tuple[float, float, float], origins: Floats, directions: Floats) -> Interval:
    """The interval in an axis-aligned box of these half extents around the origin."""
    slabs = [slab(half[axis], origins[axis], directions[axis]) for axis in range(3)]
    near = np.maximum(np.maximum(slabs[0][0], slabs[1][0]), slabs[2][0])
    return near, np.minimum(np.minimum(slabs[0][1], slabs[1][1]), slabs[2][1])
