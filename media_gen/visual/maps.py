"""Maps: one number or vector of truth for every pixel centre, as PNG files."""

import numpy as np
from numpy.typing import NDArray

from media_gen.rendition import MediaFile
from media_gen.visual.casting import SKY, Hits
from media_gen.visual.png import png_file
from media_gen.visual.scene import Scene
from media_gen.visual.shapes import LABELS
from media_gen.visual.vectors import Floats, rotate

__all__ = ["METRES_PER_UNIT", "map_files"]

METRES_PER_UNIT = 0.001
"""What one step of the depth and range maps stands for."""


def map_files(scene: Scene, hits: Hits, u: Floats, v: Floats) -> tuple[MediaFile, ...]:
    """Depth, range, instances, semantics and normals of hits at all pixel centres (u, v), row by row."""
    shape = scene.camera.height, scene.camera.width
    return (
        png_file("depth", _depth(hits).reshape(shape)),
        png_file("range", _range(hits, scene.camera.directions(u, v)).reshape(shape)),
        png_file("instance", _instance(hits).reshape(shape)),
        png_file("semantic", _semantic(scene, hits).reshape(shape)),
        png_file("normals", _normal(scene, hits).reshape(*shape, 3)),
    )


def _depth(hits: Hits) -> NDArray[np.uint16]:
    """Planar depth in units of METRES_PER_UNIT, flat; 0 for sky."""
    depth = np.where(hits.owner == SKY, np.float32(0), hits.depth)
    return _units(depth)


def _units(metres: Floats) -> NDArray[np.uint16]:
    units: NDArray[np.uint16] = (metres * (1 / METRES_PER_UNIT) + 0.5).astype(np.uint16)
    return units


def _range(hits: Hits, directions: Floats) -> NDArray[np.uint16]:
    """Distance from the camera in units of METRES_PER_UNIT, flat; 0 for sky."""
    depth = np.where(hits.owner == SKY, np.float32(0), hits.depth)
    x, y, z = directions
    away = depth * np.sqrt(x * x + y * y + z * z)
    return _units(away)


def _instance(hits: Hits) -> NDArray[np.uint16]:
    """Object ids, flat."""
    return np.maximum(hits.owner, 0).astype(np.uint16)


def _semantic(scene: Scene, hits: Hits) -> NDArray[np.uint8]:
    """Category ids, flat; owner -1 is the sky, whose id is 0."""
    ids = [0, LABELS.index("floor"), *(LABELS.index(thing.label) for thing in scene.things)]
    semantic: NDArray[np.uint8] = np.array(ids, np.uint8)[hits.owner + 1]
    return semantic


def _normal(scene: Scene, hits: Hits) -> NDArray[np.uint8]:
    """Camera-space normals, (n, 3)."""
    flipped = rotate(scene.camera.pose[:3, :3].T * [[1.0], [-1.0], [-1.0]], hits.normals)
    encoded = (flipped * np.float32(127.5) + np.float32(128.0)).astype(np.uint8)
    encoded[:, hits.owner == SKY] = 0
    vectors: NDArray[np.uint8] = encoded.T
    return vectors
