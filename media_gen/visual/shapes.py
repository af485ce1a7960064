"""The shapes that a scene is made of: semantic labels, and a solid for each."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from media_gen.visual.polyhedra import Polyhedron
from media_gen.visual.quadrics import Ball, Frustum
from media_gen.visual.rounded import block, disc, pill, ring
from media_gen.visual.solids import Solid
from media_gen.visual.vectors import Matrix

__all__ = ["LABELS", "ROUND", "SHAPES", "Builder"]

Builder = Callable[[float, float, np.random.Generator], Solid]
"""(radius, half height, rng) → a solid that stays within both; round shapes ignore the height."""


def _around(sides: int, rise: float) -> Matrix:
    """Unit normals of a pyramid's mantle (rise > 0: it narrows upwards) or a prism's (rise = 0)."""
    angles = 2 * math.pi * np.arange(sides) / sides
    level = math.sqrt(1 - rise * rise)
    return np.stack([level * np.cos(angles), level * np.sin(angles), np.full(sides, rise)], axis=1)


_CAPS = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])


def _prism(radius: float, half_height: float, rng: np.random.Generator) -> Solid:
    sides = int(rng.choice([3, 5, 6, 8]))
    inner = radius * math.cos(math.pi / sides)
    return Polyhedron(np.vstack([_around(sides, 0.0), _CAPS]), np.array([inner] * sides + [half_height] * 2))


def _pyramid(radius: float, half_height: float, rng: np.random.Generator) -> Solid:
    sides = int(rng.choice([3, 4, 5]))
    inner = radius * math.cos(math.pi / sides)
    slant = math.hypot(inner, 2 * half_height)
    mantle = _around(sides, inner / slant)
    offset = half_height * inner / slant
    return Polyhedron(np.vstack([mantle, _CAPS[1:]]), np.array([offset] * sides + [half_height]))


def _crystal(radius: float, half_height: float, rng: np.random.Generator) -> Solid:
    """A six-sided column, pointed at both ends."""
    inner, rise = radius * math.cos(math.pi / 6), float(rng.uniform(0.35, 0.6))
    tips = np.vstack([_around(6, rise), _around(6, -rise)])
    return Polyhedron(np.vstack([_around(6, 0.0), tips]), np.array([inner] * 6 + [half_height * rise] * 12))


def _gem(radius: float, half_height: float, rng: np.random.Generator) -> Solid:
    """An octahedron, or an icosahedron (Coxeter's 20 face normals)."""
    golden = (1 + math.sqrt(5)) / 2
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    edges = [(0, y / golden, z * golden) for y in (-1, 1) for z in (-1, 1)]
    turned = [edge[k:] + edge[:k] for edge in edges for k in range(3)]
    faces = np.array(corners + (turned if rng.random() < 0.5 else []), float) / math.sqrt(3)
    inner = radius * (0.795 if len(faces) > 8 else 0.577)
    return Polyhedron(faces, np.full(len(faces), inner))


def _rock(radius: float, half_height: float, rng: np.random.Generator) -> Solid:
    """A boulder: 12 faces spread by the golden angle, each a little nearer or farther."""
    height = 1 - 2 * (np.arange(12) + 0.5) / 12
    turn = math.pi * (3 - math.sqrt(5)) * np.arange(12) + rng.uniform(0, 2 * math.pi)
    level = np.sqrt(1 - height**2)
    faces = np.stack([level * np.cos(turn), level * np.sin(turn), height], axis=1)
    return Polyhedron(faces, radius * rng.uniform(0.6, 0.75, 12))


SHAPES: Mapping[str, Builder] = MappingProxyType(
    {
        "ball": lambda radius, half_height, rng: Ball(radius),
        "block": lambda radius, half_height, rng: block(
            (radius * 0.72, radius * 0.69, half_height), 0.07 * min(radius, half_height)
        ),
        "capsule": lambda radius, half_height, rng: pill(min(radius, half_height) * 0.62, half_height),
        "cone": lambda radius, half_height, rng: Frustum(radius, 0.0, half_height),
        "crystal": _crystal,
        "cylinder": lambda radius, half_height, rng: disc(
            radius, half_height, 0.12 * min(radius, half_height)
        ),
        "gem": _gem,
        "prism": _prism,
        "pyramid": _pyramid,
        "ring": lambda radius, half_height, rng: ring(radius, radius * float(rng.uniform(0.18, 0.3))),
        "rock": _rock,
    }
)

ROUND = frozenset({"ball", "gem", "ring", "rock"})
"""Shapes as high as they are wide, whatever height is asked for."""

LABELS: tuple[str, ...] = ("sky", "floor", *SHAPES)
"""Semantic labels; a label's place is its id in the semantic map."""
