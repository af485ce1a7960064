"""Grain."""

from typing import ClassVar, Literal

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion

__all__ = ["Noise"]

_MOST = 48.0


class Noise(ImageDistortion):
    """Adds normally distributed noise to every pixel and channel, up to a standard deviation of 48 of 255.

    Perceptual hashes do not mind: PDQ and pHash find all at 48.

    >>> Noise(strength=0.5).magnitude
    24.0
    """

    kind: Literal["noise"] = "noise"
    unit: ClassVar[str] = "standard deviation in levels of 255"

    @property
    def magnitude(self) -> float:
        """Standard deviation in levels of 255."""
        return _MOST * self.strength

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture with grain."""
        grain = self.magnitude * rng.standard_normal((picture.height, picture.width, 3))
        return Image.fromarray(np.clip(np.rint(np.asarray(picture) + grain), 0, 255).astype(np.uint8))
