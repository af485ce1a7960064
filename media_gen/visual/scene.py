"""A scene: things with a pose and a surface, on a floor, under a sky."""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from media_gen.visual.camera import Camera
from media_gen.visual.palette import Palette
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Floats, Matrix, column, rotate

__all__ = ["Finish", "Scene", "Thing"]


@dataclass(frozen=True)
class Finish:
    """A surface: linear RGB ``colour``, ``shine`` 0 (chalk) to 1 (mirror), ``metal``, ``glow``."""

    name: str
    colour: tuple[float, float, float]
    shine: float = 0.2
    metal: bool = False
    glow: float = 0.0


@dataclass(frozen=True)
class Thing:
    """An object: its solid, posed in the world by ``rotation`` (3x3) and ``position`` (metres, z up)."""

    label: str
    solid: Solid
    rotation: Matrix
    position: Matrix
    finish: Finish

    @cached_property
    def corners(self) -> Matrix:
        """World corners (8, 3) of the oriented bounding box; x varies slowest, minus before plus."""
        signs = np.array(list(product((-1.0, 1.0), repeat=3)))
        return (signs * self.solid.half) @ self.rotation.T + self.position

    @property
    def transform(self) -> Matrix:
        """Local to world, 4x4."""
        transform = np.eye(4)
        transform[:3, :3], transform[:3, 3] = self.rotation, self.position
        return transform

    @cached_property
    def reach(self) -> float:
        """Radius of the bounding sphere around ``position``, metres."""
        return float(np.sqrt(np.square(self.solid.half).sum()))

    @property
    def girth(self) -> float:
        """Radius of a ball about as big as the thing, metres."""
        x, y, z = self.solid.half
        return math.cbrt(x * y * z)

    def local(self, points: Floats) -> Floats:
        """World points (3, n) in the solid's frame."""
        return rotate(self.rotation.T, points - column(self.position))

    def enter(self, origins: Floats, directions: Floats) -> Floats:
        """The t at which world rays enter the thing, inf if never."""
        return self.solid.enter(self.local(origins), rotate(self.rotation.T, directions))

    def normals(self, points: Floats) -> Floats:
        """World unit normals at world points on its surface."""
        return rotate(self.rotation, self.solid.normals(self.local(points)))


@dataclass(frozen=True)
class Scene:
    """Things on a floor at z = 0, seen by a camera.

    ``sun``: unit vector towards the key light. ``disc``: unit vector towards the disc in the sky, and the
    cosine of its angular radius. ``distance``: from the camera to the middle of the things, metres.
    """

    things: tuple[Thing, ...]
    camera: Camera
    palette: Palette
    sun: Matrix
    disc: Matrix
    distance: float
