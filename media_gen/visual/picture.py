"""The picture: light gathered at pixel centres, and again at many points where neighbours differ."""

import numpy as np
from numpy.typing import NDArray

from media_gen.visual.casting import Hits, cast
from media_gen.visual.shading import Lighting
from media_gen.visual.vectors import Floats, Indices, dot

__all__ = ["pixel_centres", "render_light", "tone", "vignette"]

_CREASE = 0.92
_JUMP = 0.06
_KNEE = 0.72


def pixel_centres(width: int, height: int) -> tuple[Floats, Floats]:
    """Image points (u, v) of all pixel centres, row by row, each (height · width,)."""
    v, u = np.indices((height, width), dtype=np.float32).reshape(2, -1) + np.float32(0.5)
    return u, v


def render_light(lighting: Lighting, hits: Hits, u: Floats, v: Floats, *, samples: int) -> Floats:
    """Display light (3, height, width) in [0, 1]; edge pixels are the mean of samples x samples points."""
    camera = lighting.scene.camera
    light = tone(lighting.seen(hits, u, v))
    if samples > 1:
        pixels = np.flatnonzero(_edges(light, hits, camera.width))
        light[:, pixels] = _supersampled(lighting, u[pixels], v[pixels], samples)
    return light.reshape(3, camera.height, camera.width)


def _supersampled(lighting: Lighting, u: Floats, v: Floats, samples: int) -> Floats:
    steps = (np.arange(samples, dtype=np.float32) + 0.5) / samples - 0.5
    fine_u = (u[:, None, None] + steps[:, None] + 0 * steps).reshape(-1).astype(np.float32)
    fine_v = (v[:, None, None] + 0 * steps[:, None] + steps).reshape(-1).astype(np.float32)
    hits = cast(lighting.scene, fine_u, fine_v)
    light = tone(lighting.seen(hits, fine_u, fine_v)).reshape(3, len(u), samples * samples)
    total = light[:, :, 0].copy()
    for k in range(1, samples * samples):
        total += light[:, :, k]
    return total / (samples * samples)


def _edges(light: Floats, hits: Hits, width: int) -> NDArray[np.bool_]:
    """Pixels that differ from a neighbour in what they show, how it faces, or how light it is."""
    grid = np.arange(len(hits.owner)).reshape(-1, width)
    green = np.sqrt(light[1])
    found = np.zeros(grid.shape, bool)
    for a, b in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        differs = _differ(hits, green, grid[a].ravel(), grid[b].ravel()).reshape(grid[a].shape)
        found[a] |= differs
        found[b] |= differs
    return found.ravel()


def _differ(hits: Hits, green: Floats, a: Indices, b: Indices) -> NDArray[np.bool_]:
    crease = (dot(hits.normals[:, a], hits.normals[:, b]) < _CREASE) & (hits.owner[a] > 0)
    jump = np.abs(green[a] - green[b]) > _JUMP
    differs: NDArray[np.bool_] = (hits.owner[a] != hits.owner[b]) | crease | jump
    return differs


def tone(light: Floats) -> Floats:
    """Light bent into [0, 1): as it is up to a knee, then ever slower."""
    over = np.maximum(light - _KNEE, 0.0) * (1 / (1 - _KNEE))
    bent: Floats = np.minimum(light, _KNEE) + (1 - _KNEE) * over / (1.0 + over)
    return bent


def vignette(light: Floats, strength: float) -> Floats:
    """Light that falls off towards the corners of a picture (3, height, width)."""
    height, width = light.shape[1:]
    x = (2 * np.arange(width, dtype=np.float32) + 1 - width) / width
    y = (2 * np.arange(height, dtype=np.float32) + 1 - height) / height
    off_axis: Floats = (x * x)[None, :] + (y * y)[:, None]
    dimmed: Floats = light * (1.0 - strength * 0.25 * off_axis * off_axis)
    return dimmed
