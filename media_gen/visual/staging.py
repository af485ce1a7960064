"""Staging: from a genre's look to a scene of things, finishes, camera and light."""

import math

import numpy as np

from media_gen.visual.arrangement import Arrangement, Placement
from media_gen.visual.camera import Camera
from media_gen.visual.composition import COMPOSITIONS
from media_gen.visual.framing import Frame, framed
from media_gen.visual.genres import Look
from media_gen.visual.palette import Palette, mix_palette
from media_gen.visual.scene import Finish, Scene, Thing
from media_gen.visual.vectors import Matrix

__all__ = ["staged"]

_FINISHES = {
    "matte": (0.12, False, 0.0),
    "satin": (0.45, False, 0.0),
    "gloss": (1.0, False, 0.0),
    "metal": (0.8, True, 0.0),
    "glow": (0.2, False, 0.9),
}
_WEIGHTS = {
    "day": (4, 4, 3, 0, 0),
    "dusk": (3, 4, 3, 2, 0),
    "neon": (1, 2, 4, 2, 3),
    "night": (2, 3, 4, 3, 1),
    "noir": (3, 3, 3, 2, 0),
    "pastel": (4, 5, 2, 0, 0),
}
_LOWEST_DISC = 0.04  # tangent of its middle's elevation


def staged(
    look: Look,
    *,
    objects: int,
    frame: Frame,
    azimuth: float | None,
    elevation: float | None,
    rng: np.random.Generator,
) -> Scene:
    """A scene of ``objects`` things; the camera's angles (degrees) are drawn where they are None."""
    palette = mix_palette(look.tone, look.harmony, look.hue, rng=rng)
    composition = COMPOSITIONS[look.composition]
    space = Arrangement(look.shapes, rng=rng)
    composition.arrange(space, objects)
    things = tuple(_finished(placement, i, palette, rng) for i, placement in enumerate(space.placed))
    drawn = float(rng.uniform(-28, 28)), float(rng.uniform(*composition.elevation))
    azimuth = drawn[0] if azimuth is None else azimuth
    elevation = drawn[1] if elevation is None else elevation
    camera, distance = framed(np.vstack([thing.corners for thing in things]), azimuth, elevation, frame)
    return Scene(things, camera, palette, _sun(azimuth, rng), _disc(things[0], camera, rng), distance)


def _finished(placement: Placement, place: int, palette: Palette, rng: np.random.Generator) -> Thing:
    weights = np.array(_WEIGHTS[palette.tone]) / sum(_WEIGHTS[palette.tone])
    name = str(rng.choice(list(_FINISHES), p=weights))
    colour = palette.accents[
        (place if place < 2 else int(rng.integers(len(palette.accents)))) % len(palette.accents)
    ]
    finish = Finish(name, colour, *_FINISHES[name])
    return Thing(placement.label, placement.solid, placement.rotation, placement.position, finish)


def _sun(azimuth: float, rng: np.random.Generator) -> Matrix:
    """Towards the key light: beside the camera, left or right, well above the floor."""
    side = 1.0 if rng.random() < 0.5 else -1.0
    around = math.radians(azimuth - 90 + side * float(rng.uniform(35, 75)))
    up = math.radians(float(rng.uniform(30, 52)))
    return np.array([math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)])


def _disc(hero: Thing, camera: Camera, rng: np.random.Generator) -> Matrix:
    """The disc in the sky, behind the hero: a unit vector and the cosine of its angular radius."""
    aim = hero.position.copy()
    aim[2] += float(rng.uniform(0.2, 0.9))
    away, across = math.dist(aim, camera.eye), math.dist(aim[:2], camera.eye[:2])
    rise = max(aim[2] - camera.eye[2], _LOWEST_DISC * across)
    towards = np.array([*(aim - camera.eye)[:2], rise]) / math.hypot(across, rise)
    apparent = float(rng.uniform(1.15, 1.9)) * max(hero.solid.half) / away
    return np.array([*towards, math.cos(math.atan(apparent))])
