"""The picture out of focus."""

from typing import ClassVar, Literal

import numpy as np
from PIL import Image, ImageFilter

from media_gen.distortions.distortion import ImageDistortion

__all__ = ["Blur"]

_MOST = 12 / 512


class Blur(ImageDistortion):
    """Blurs the picture by a Gaussian, up to 12 pixels of standard deviation for a shorter side of 512.

    Perceptual hashes do not mind: PDQ and pHash find all at 12 pixels.

    >>> Blur(strength=1).magnitude * 512
    12.0
    """

    kind: Literal["blur"] = "blur"
    unit: ClassVar[str] = "standard deviation as a part of the shorter side"

    @property
    def magnitude(self) -> float:
        """Standard deviation as a part of the shorter side."""
        return _MOST * self.strength

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The blurred picture."""
        radius = self.magnitude * min(picture.size)
        return picture.filter(ImageFilter.GaussianBlur(radius)) if radius else picture
