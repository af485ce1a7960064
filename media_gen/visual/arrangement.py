"""Putting shapes into a space: resting on the floor or floating, without one inside another."""

import math
from dataclasses import dataclass

import numpy as np

from media_gen.visual.shapes import SHAPES
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Matrix

__all__ = ["Arrangement", "Placement"]

_TRIES = 40
_SHRINK = 0.93
_CLEARANCE = 0.02
_BERTH = 1.15  # corners reach a little out of the radius that is asked for


@dataclass(frozen=True)
class Placement:
    """A shape and its pose: ``rotation`` 3x3 and ``position`` (3,), local to world, metres."""

    label: str
    solid: Solid
    rotation: Matrix
    position: Matrix

    @property
    def top(self) -> float:
        """Height of the upper side of something upright, metres."""
        return float(self.position[2]) + self.solid.half[2]

    @property
    def reach(self) -> float:
        """Radius of the bounding sphere, metres."""
        return math.hypot(*self.solid.half)

    @property
    def girth(self) -> float:
        """Radius of the bounding upright cylinder of something upright, metres."""
        return math.hypot(self.solid.half[0], self.solid.half[1])


class Arrangement:
    """The shapes placed so far, and those to come: ``shapes`` is a genre's mix, used in shuffled rounds."""

    def __init__(self, shapes: tuple[str, ...], *, rng: np.random.Generator) -> None:
        self.rng, self.placed, self._shapes = rng, list[Placement](), shapes
        self._deck: list[str] = []

    def uniform(self, low: float, high: float) -> float:
        """One number from the arrangement's own generator."""
        return float(self.rng.uniform(low, high))

    def next_shape(self) -> str:
        """The next shape of the mix; every one comes once before any comes twice."""
        if not self._deck:
            self._deck = self.rng.permutation(self._shapes).tolist()
        return self._deck.pop()

    def solid(self, label: str, radius: float, half_height: float) -> Solid:
        """A solid of this shape within the given radius and half height."""
        return SHAPES[label](radius, half_height, self.rng)

    def stand(self, label: str, solid: Solid, x: float, y: float, z: float = 0.0) -> Placement:
        """Put a solid upright, turned about the vertical, its lower side at height ``z``."""
        pose = _turn(self.uniform(0, 2 * math.pi))
        return self._put(Placement(label, solid, pose, np.array([x, y, z + solid.half[2]])))

    def hang(self, label: str, solid: Solid, position: tuple[float, float, float]) -> Placement:
        """Hang a solid in the air, in any orientation, no lower than the floor allows."""
        x, y, z = position
        pose = _turn(self.uniform(0, 2 * math.pi)) @ _tilt(self.uniform(0.2, 1.1))
        lowest = float(np.abs(pose[2] * solid.half).sum()) + _CLEARANCE
        return self._put(Placement(label, solid, pose, np.array([x, y, max(z, lowest)])))

    def _put(self, placement: Placement) -> Placement:
        self.placed.append(placement)
        return placement

    def free_place(
        self, radius: float, x: tuple[float, float], y: tuple[float, float]
    ) -> tuple[float, float, float]:
        """A place (x, y) on the floor and the radius that fits there, shrunk until it does."""
        while True:
            for _ in range(_TRIES):
                spot = self.uniform(*x), self.uniform(*y)
                if self.is_free(*spot, _BERTH * radius):
                    return *spot, radius
            radius *= _SHRINK

    def is_free(self, x: float, y: float, radius: float) -> bool:
        """Whether an upright cylinder there touches nothing that was placed."""
        return all(
            math.hypot(x - other.position[0], y - other.position[1]) > radius + other.girth
            for other in self.placed
        )

    def is_clear(self, position: tuple[float, float, float], radius: float) -> bool:
        """Whether a sphere there touches no bounding sphere."""
        return all(math.dist(position, other.position) > radius + other.reach for other in self.placed)


def _turn(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _tilt(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
