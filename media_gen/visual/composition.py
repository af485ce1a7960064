"""Compositions: how shapes stand together. The viewer looks along +y; the first shape is the hero."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from media_gen.visual.arrangement import Arrangement
from media_gen.visual.shapes import ROUND

__all__ = ["COMPOSITIONS", "Composition"]


@dataclass(frozen=True)
class Composition:
    """A way to arrange ``count`` shapes, and the camera ``elevation`` (range, degrees) that suits it."""

    arrange: Callable[[Arrangement, int], None]
    elevation: tuple[float, float]


def _stage(space: Arrangement, count: int) -> None:
    """The hero on a plinth, others on the floor around it."""
    hero = space.next_shape()
    z = 0.0
    if count > 1:
        plinth = space.stand("cylinder", space.solid("cylinder", 1.25, space.uniform(0.15, 0.3)), 0.0, 0.0)
        z, count = plinth.top, count - 1
    space.stand(hero, space.solid(hero, 0.85, space.uniform(0.8, 1.0)), 0.0, 0.0, z)
    for _ in range(count - 1):
        _stand_free(space, space.uniform(0.3, 0.62), space.uniform(0.35, 1.0), (-2.1, 2.1), (-1.7, 2.4))


def _stand_free(
    space: Arrangement, radius: float, half_height: float, x: tuple[float, float], y: tuple[float, float]
) -> None:
    shape = space.next_shape()
    here, there, fitting = space.free_place(radius, x, y)
    space.stand(shape, space.solid(shape, fitting, min(half_height, 3 * fitting)), here, there)


def _scatter(space: Arrangement, count: int) -> None:
    """A floor full of shapes of all sizes around a big one."""
    hero = space.next_shape()
    space.stand(hero, space.solid(hero, 0.95, 0.95), 0.0, 0.0)
    spread = 1.2 + 0.45 * math.sqrt(count)
    for _ in range(count - 1):
        radius = space.uniform(0.25, 0.65)
        _stand_free(space, radius, radius * space.uniform(0.8, 1.3), (-spread, spread), (-spread, spread))


def _skyline(space: Arrangement, count: int) -> None:
    """Towers in rows, the tallest in the middle."""
    hero = space.next_shape()
    space.stand(hero, space.solid(hero, 0.75, space.uniform(1.4, 1.8)), 0.0, 0.0)
    width = 1.2 + 0.16 * count
    for _ in range(count - 1):
        x, y, radius = space.free_place(space.uniform(0.35, 0.6), (-width, width), (-1.2, 2.8))
        height = space.uniform(0.5, 1.0) * (1.7 - 0.9 * abs(x) / width) * (0.6 if y < -0.3 else 1.0)
        shape = space.next_shape()
        space.stand(shape, space.solid(shape, radius, height), x, y)


def _totem(space: Arrangement, count: int) -> None:
    """A column of shapes, one on the other, and small ones around its foot."""
    storeys = min(1 + count // 2, 4)
    z, radius = 0.0, 0.85
    for storey in range(storeys):
        shape = space.next_shape()
        if shape in ("cone", "pyramid") and storey < storeys - 1:
            shape = "cylinder"
        solid = space.solid(shape, radius, space.uniform(0.3, 0.5))
        z = space.stand(shape, solid, 0.0, 0.0, z).top
        radius *= 0.84
    for _ in range(count - storeys):
        radius = space.uniform(0.22, 0.42)
        _stand_free(space, radius, radius * space.uniform(0.8, 1.4), (-1.9, 1.9), (-1.5, 1.8))


def _orbit(space: Arrangement, count: int) -> None:
    """A planet in the air, and the others around it on a tilted circle."""
    hero = space.next_shape() if space.uniform(0, 1) < 0.4 else "ball"
    space.hang(hero, space.solid(hero, 1.0, 0.9), (0.0, 0.0, 1.75))
    tilt = space.uniform(-0.45, 0.45)
    for i in range(count - 1):
        _float_free(space, 2 * math.pi * (i + space.uniform(0, 0.6)) / (count - 1), tilt)


def _float_free(space: Arrangement, angle: float, tilt: float) -> None:
    radius, distance = space.uniform(0.24, 0.52), space.uniform(1.5, 2.1)
    while True:
        x, y = distance * math.cos(angle), distance * math.sin(angle)
        place = (x, y, 1.75 + x * tilt + space.uniform(-0.35, 0.35))
        if space.is_clear(place, radius * math.sqrt(3)):
            break
        distance, radius = distance * 1.04, radius * 0.98
    shape = space.next_shape()
    space.hang(shape, space.solid(shape, radius, radius * space.uniform(0.8, 1.0)), place)


def _arch(space: Arrangement, count: int) -> None:
    """A gate of floating shapes over the hero."""
    hero = space.next_shape()
    height = 0.75 if hero in ROUND else space.uniform(0.9, 1.25)
    space.stand(hero, space.solid(hero, 0.75, height), 0.0, 0.0)
    others = count - 1
    size = min(0.42, 4.4 / max(others, 6))
    for i in range(others):
        angle = math.pi * (i + 0.5) / others
        place = (-2.3 * math.cos(angle), space.uniform(-0.2, 0.5), size + 2.9 * math.sin(angle))
        shape = space.next_shape()
        radius = size * space.uniform(0.6, 0.85)
        space.hang(shape, space.solid(shape, radius, radius * 1.1), place)


COMPOSITIONS: Mapping[str, Composition] = MappingProxyType(
    {
        "arch": Composition(_arch, (4.0, 10.0)),
        "orbit": Composition(_orbit, (2.0, 8.0)),
        "scatter": Composition(_scatter, (14.0, 26.0)),
        "skyline": Composition(_skyline, (4.0, 10.0)),
        "stage": Composition(_stage, (5.0, 12.0)),
        "totem": Composition(_totem, (5.0, 13.0)),
    }
)
