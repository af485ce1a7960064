"""The picture turned."""

import math
from typing import ClassVar, Literal

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion
from media_gen.distortions.geometry import Geometry

__all__ = ["Rotate"]

_MOST = 20.0


class Rotate(ImageDistortion):
    """Turns the picture about its middle, up to 20 degrees; its size stays, and corners without picture are black.

    PDQ at its threshold of 31 finds 97 % at 1 degree and none at 3, a 64-bit pHash at 10 nine of ten at 3.

    >>> Rotate(strength=0.15).magnitude
    3.0
    """

    kind: Literal["rotate"] = "rotate"
    unit: ClassVar[str] = "degrees counterclockwise"

    @property
    def magnitude(self) -> float:
        """Degrees counterclockwise."""
        return _MOST * self.strength

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture turned."""
        a, b, c, d, e, f = self.geometry(*picture.size).inverse[:2].ravel().tolist()
        return picture.transform(
            picture.size, Image.Transform.AFFINE, (a, b, c, d, e, f), Image.Resampling.BICUBIC
        )

    def geometry(self, width: int, height: int) -> Geometry:
        """Turned about the middle."""
        angle = math.radians(self.magnitude)
        cosine, sine = math.cos(angle), math.sin(angle)
        x, y = width / 2, height / 2
        matrix = np.array(
            [[cosine, sine, x - cosine * x - sine * y], [-sine, cosine, y + sine * x - cosine * y], [0, 0, 1]]
        )
        return Geometry(matrix, width, height, whole=self.strength == 0)
