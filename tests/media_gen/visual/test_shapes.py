"""Rays enter each shape where its volume, tried point by point, begins."""

from collections.abc import Callable

import numpy as np
import pytest

from media_gen.visual.polyhedra import Polyhedron
from media_gen.visual.quadrics import Ball, Frustum
from media_gen.visual.rounded import block, disc, pill, ring
from media_gen.visual.shapes import ROUND, SHAPES
from media_gen.visual.solids import Solid
from sim.seeds import rng_for

Inside = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def in_block(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    over = [np.maximum(np.abs(a) - (half - 0.1), 0) for a, half in ((x, 0.7), (y, 0.5), (z, 0.9))]
    return over[0] ** 2 + over[1] ** 2 + over[2] ** 2 <= 0.1**2


def in_disc(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    across, up = np.maximum(np.hypot(x, y) - 0.7, 0), np.maximum(np.abs(z) - 0.3, 0)
    return across**2 + up**2 <= 0.1**2


VOLUMES: dict[str, tuple[Solid, Inside]] = {
    "ball": (Ball(0.8), lambda x, y, z: x**2 + y**2 + z**2 <= 0.64),
    "cone": (Frustum(0.8, 0.0, 0.6), lambda x, y, z: (np.hypot(x, y) <= 0.8 * (0.6 - z) / 1.2) & (z >= -0.6)),
    "upturned frustum": (
        Frustum(0.3, 0.9, 0.5),
        lambda x, y, z: (np.hypot(x, y) <= 0.3 + 0.6 * (z + 0.5)) & (np.abs(z) <= 0.5),
    ),
    "cylinder": (Frustum(0.6, 0.6, 0.7), lambda x, y, z: (np.hypot(x, y) <= 0.6) & (np.abs(z) <= 0.7)),
    "block": (block((0.7, 0.5, 0.9), 0.1), in_block),
    "disc": (disc(0.8, 0.4, 0.1), in_disc),
    "pill": (
        pill(0.4, 0.9),
        lambda x, y, z: x**2 + y**2 + np.maximum(np.abs(z) - 0.5, 0) ** 2 <= 0.16,
    ),
    "ring": (ring(0.9, 0.2), lambda x, y, z: (np.hypot(x, y) - 0.7) ** 2 + z**2 <= 0.04),
    "octahedron": (
        Polyhedron(
            np.array([(i, j, k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]) / np.sqrt(3),
            np.full(8, 0.5),
        ),
        lambda x, y, z: np.abs(x) + np.abs(y) + np.abs(z) <= 0.5 * np.sqrt(3),
    ),
}


@pytest.mark.parametrize("name", VOLUMES)
def test_rays_enter_where_the_volume_begins(name: str) -> None:
    solid, inside = VOLUMES[name]
    rng = rng_for(1, name)
    origins = rng.normal(size=(3, 400))
    origins *= 5 / np.linalg.norm(origins, axis=0)
    directions = rng.uniform(-0.7, 0.7, (3, 400)) - origins
    directions *= rng.uniform(0.1, 2, 400) / np.linalg.norm(directions, axis=0)
    t = solid.enter(origins.astype(np.float32), directions.astype(np.float32))
    metres = np.linalg.norm(directions, axis=0)
    steps = np.arange(0, 8, 0.002)[:, None]
    within = inside(*(origins[:, None] + directions[:, None] / metres * steps))
    begins = np.where(within.any(axis=0), steps[within.argmax(axis=0), 0], np.inf)
    sure = within.sum(axis=0) > 10  # graze the surface, and the walk steps over it
    assert sure.sum() > 100
    assert t[sure] * metres[sure] == pytest.approx(begins[sure], abs=0.004)
    assert (t[within.sum(axis=0) == 0] * metres[within.sum(axis=0) == 0] > 8).mean() > 0.95


@pytest.mark.parametrize("name", VOLUMES)
def test_normals_point_out_of_the_volume(name: str) -> None:
    solid, inside = VOLUMES[name]
    rng = rng_for(2, name)
    origins = rng.normal(size=(3, 300))
    origins *= 5 / np.linalg.norm(origins, axis=0)
    directions = rng.uniform(-0.3, 0.3, (3, 300)) - origins
    t = solid.enter(origins.astype(np.float32), directions.astype(np.float32))
    met = np.isfinite(t)
    points = (origins + np.where(met, t, 0) * directions)[:, met]
    normals = solid.normals(points.astype(np.float32))
    assert met.sum() > 50
    assert np.linalg.norm(normals, axis=0) == pytest.approx(np.ones(met.sum()), abs=1e-4)
    assert not inside(*(points + 0.01 * normals)).any()
    assert inside(*(points - 0.01 * normals)).mean() > 0.97
    assert (np.abs(points).max(axis=1) <= np.array(solid.half) + 1e-3).all()


@pytest.mark.parametrize("label", SHAPES)
def test_shapes_fill_the_extents_that_they_state(label: str) -> None:
    """Rays down each axis at the extents' edge touch nothing beyond, and something just within."""
    for seed in range(6):
        solid = SHAPES[label](0.8, 0.6, rng_for(seed, label))
        half = np.array(solid.half, np.float32)
        assert (half[:2] <= 0.8 * 1.15).all()
        assert label in ROUND or half[2] <= 0.6 + 1e-6
        for axis in range(3):
            assert not np.isfinite(_sweep(solid, half, axis, 1.004)).any()
            assert np.isfinite(_sweep(solid, half, axis, 0.97)).any()


def _sweep(solid: Solid, half: np.ndarray, axis: int, share: float) -> np.ndarray:
    """Rays across an axis at a share of the half extent, along both other axes."""
    across, along = (other for other in range(3) if other != axis)
    found = []
    for first, second in ((across, along), (along, across)):
        origins = np.zeros((3, 241), np.float32)
        origins[axis], origins[first] = share * half[axis], np.linspace(-1, 1, 241) * half[first]
        origins[second] = -4
        directions = np.zeros_like(origins)
        directions[second] = 1
        found.append(solid.enter(origins, directions))
    return np.concatenate(found)
