"""The picture mirrored."""

from typing import ClassVar, Literal

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion
from media_gen.distortions.geometry import Geometry

__all__ = ["Flip"]


class Flip(ImageDistortion):
    """Mirrors the picture left to right at any strength above 0: perceptual hashes find none unless they look for it.

    >>> Flip(strength=0.1).magnitude, Flip(strength=0).magnitude
    (1.0, 0.0)
    """

    kind: Literal["flip"] = "flip"
    unit: ClassVar[str] = "1 if mirrored left to right"

    @property
    def magnitude(self) -> float:
        """1 if mirrored."""
        return float(self.strength > 0)

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The mirrored picture."""
        return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self.strength else picture

    def geometry(self, width: int, height: int) -> Geometry:
        """Left for right."""
        mirrored = np.array([[-1.0, 0, width], [0, 1, 0], [0, 0, 1]])
        return Geometry(mirrored if self.strength else np.eye(3), width, height, whole=True)
