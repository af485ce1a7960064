"""What rays meet, against scenes with a single object and against points tried one by one."""

import dataclasses

import numpy as np
import pytest

from media_gen.visual.casting import FLOOR, cast, shadowed
from media_gen.visual.framing import Frame
from media_gen.visual.genres import GENRES
from media_gen.visual.picture import pixel_centres
from media_gen.visual.scene import Scene
from media_gen.visual.staging import staged
from media_gen.visual.vectors import column
from sim.seeds import rng_for

SIZE = 96


@pytest.fixture(scope="module")
def scene() -> Scene:
    return staged(
        GENRES["thriller"],
        objects=8,
        frame=Frame(SIZE, SIZE, 40.0, 0.0),
        azimuth=None,
        elevation=None,
        rng=rng_for(3, "casting"),
    )


def test_alone_is_what_a_scene_of_one_shows(scene: Scene) -> None:
    u, v = pixel_centres(SIZE, SIZE)
    together = cast(scene, u, v)
    nearest = np.full(len(u), np.inf)
    for number, thing in enumerate(scene.things, start=1):
        single = cast(dataclasses.replace(scene, things=(thing,)), u, v)
        assert (np.flatnonzero(single.owner == 1) == together.alone[number - 1]).all()
        nearest = np.minimum(nearest, np.where(single.owner == 1, single.depth, np.inf))
        assert (together.depth[together.owner == number] == single.depth[together.owner == number]).all()
    assert (together.depth[together.owner > 0] == nearest[together.owner > 0]).all()
    hidden = [len(alone) - (together.owner == i).sum() for i, alone in enumerate(together.alone, start=1)]
    assert max(hidden) > 20


def test_mirror_shows_the_scene_below_the_floor(scene: Scene) -> None:
    """A mirrored hit, flipped back below the floor, projects onto the image point it was asked for."""
    u, v = pixel_centres(SIZE, SIZE)
    image = cast(scene, u, v, mirrored=True)
    met = image.owner > FLOOR
    below = image.points[:, met] * column([1, 1, -1])
    found = scene.camera.project(below.T.astype(float))
    assert met.sum() > 50
    assert found[:, :2] == pytest.approx(np.stack([u[met], v[met]], axis=1), abs=0.01)


def test_shadows_fall_away_from_the_light(scene: Scene) -> None:
    """A floor point is dark exactly if a walk from it towards the light comes inside something."""
    rng = rng_for(5, "shadows")
    points = np.vstack([rng.uniform(-4, 4, (2, 300)), np.zeros((1, 300))]).astype(np.float32)
    up = np.zeros_like(points)
    up[2] = 1
    dark = shadowed(scene.things, points, up, column(scene.sun))
    steps = np.linspace(0.01, 12, 1500)
    walked = points[:, :, None] + scene.sun.reshape(3, 1, 1) * steps
    inside = np.zeros(300, bool)
    for thing in scene.things:
        local = np.abs((walked.reshape(3, -1).T - thing.position) @ thing.rotation)
        inside |= (local <= thing.solid.half).all(axis=1).reshape(300, -1).any(axis=1)
    assert dark.sum() > 20
    assert not (dark & ~inside).any(), "dark, although no box stands between the point and the light"
    assert dark.sum() > 0.5 * inside.sum()
