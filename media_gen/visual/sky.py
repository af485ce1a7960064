"""The sky: a gradient from horizon to zenith, a halo, and a disc that stands behind the hero."""

from dataclasses import dataclass

import numpy as np

from media_gen.visual.palette import Palette
from media_gen.visual.vectors import Floats, Matrix, column, dot, smoothstep

__all__ = ["Sky"]

_HALO = 0.55


@dataclass(frozen=True)
class Sky:
    """``disc``: unit vector towards the disc's middle, and the cosine of its angular radius."""

    palette: Palette
    disc: Matrix

    def light(self, directions: Floats) -> Floats:
        """Linear RGB (3, n) that comes from unit directions (3, n)."""
        palette = self.palette
        up = smoothstep(-0.08, 0.62, directions[2])
        light = column(palette.horizon) + up * column(np.subtract(palette.zenith, palette.horizon))
        near = np.maximum(dot(column(self.disc[:3]), directions), 0.0)
        halo = np.square(np.square(np.square(np.square(np.square(near)))))
        light += (_HALO * halo) * column(np.subtract(palette.halo, palette.horizon))
        inside = (near > np.float32(self.disc[3])) & (directions[2] > 0.0)
        return np.where(inside, column(palette.halo), np.clip(light, 0.0, 1.0))
