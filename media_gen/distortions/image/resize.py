"""The picture made smaller."""

from typing import ClassVar, Literal

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion
from media_gen.distortions.geometry import Geometry

__all__ = ["Resize"]

_LEAST = 8.0


class Resize(ImageDistortion):
    """Makes the picture smaller, down to an eighth of its width and height at full strength.

    Perceptual hashes look at fewer pixels still: PDQ and pHash find all at an eighth.

    >>> Resize(strength=1).magnitude
    0.125
    """

    kind: Literal["resize"] = "resize"
    unit: ClassVar[str] = "part of width and height that is left"

    @property
    def magnitude(self) -> float:
        """Part of width and height that is left."""
        return float(_LEAST**-self.strength)

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The smaller picture."""
        return (
            picture.resize(self._size(*picture.size), Image.Resampling.LANCZOS) if self.strength else picture
        )

    def geometry(self, width: int, height: int) -> Geometry:
        """Scaled."""
        wide, high = self._size(width, height)
        return Geometry(np.diag([wide / width, high / height, 1.0]), wide, high, whole=True)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        return max(1, round(self.magnitude * width)), max(1, round(self.magnitude * height))
