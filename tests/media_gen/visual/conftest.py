"""Pictures of every composition, rendered once; the tests recompute from their annotations and maps alone."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from PIL import Image

from media_gen.rendition import Rendition
from media_gen.visual.composition import COMPOSITIONS
from media_gen.visual.key_art import KeyArt
from sim.seeds import rng_for


@dataclass(frozen=True)
class Picture:
    """A rendition read back as a user of the files would read it."""

    rendition: Rendition

    def pixels(self, role: str) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(self.rendition.file(role).data)))

    @property
    def annotations(self) -> dict[str, Any]:
        return self.rendition.annotations

    @property
    def objects(self) -> list[dict[str, Any]]:
        return self.annotations["objects"]

    @cached_property
    def intrinsics(self) -> np.ndarray:
        return np.array(self.annotations["camera"]["K"])

    @cached_property
    def pose(self) -> np.ndarray:
        return np.array(self.annotations["camera"]["cam_to_world"])

    @cached_property
    def depth(self) -> np.ndarray:
        return self.pixels("depth") * self.annotations["metres_per_unit"]

    @cached_property
    def points(self) -> np.ndarray:
        """World points (height, width, 3) under all pixel centres, from depth, K and pose."""
        rows, columns = np.indices(self.depth.shape) + 0.5
        rays = np.linalg.solve(self.intrinsics, np.stack([columns, rows, np.ones_like(rows)]).reshape(3, -1))
        in_camera = (rays * self.depth.ravel()).T
        return (in_camera @ self.pose[:3, :3].T + self.pose[:3, 3]).reshape(*self.depth.shape, 3)

    @cached_property
    def normals(self) -> np.ndarray:
        """World normals (height, width, 3) from the map's camera axes: right, up, back."""
        decoded = self.pixels("normals") / 127.5 - 1
        return (decoded * [1, -1, -1]) @ self.pose[:3, :3].T


@pytest.fixture(scope="session", params=sorted(COMPOSITIONS))
def picture(request: pytest.FixtureRequest) -> Picture:
    art = KeyArt(
        title="Low Tide", genre="animation", composition=request.param, objects=7, width=192, height=160
    )
    return Picture(art.render(rng=rng_for(11, request.param)))
