"""A patch stuck on the picture."""

import math
from typing import ClassVar, Literal

import numpy as np
from PIL import Image, ImageDraw

from media_gen.distortions.distortion import ImageDistortion

__all__ = ["Overlay"]

_MOST = 0.4


class Overlay(ImageDistortion):
    """Sticks one patch of a plain colour on the picture, as logos and emoji are, up to 40 % of its area.

    Masks and maps are of what is under it. PDQ finds 97, 65 and 27 % with 5, 10 and 20 % of the area covered.

    >>> Overlay(strength=0.25).magnitude
    0.1
    """

    kind: Literal["overlay"] = "overlay"
    unit: ClassVar[str] = "part of the area covered"

    @property
    def magnitude(self) -> float:
        """Part of the area that is covered."""
        return _MOST * self.strength

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture with the patch at a random place."""
        side = math.sqrt(self.magnitude)
        width, height = round(side * picture.width), round(side * picture.height)
        x = int(rng.integers(picture.width - width + 1))
        y = int(rng.integers(picture.height - height + 1))
        red, green, blue = (int(part) for part in rng.integers(40, 216, 3))
        if not (width and height):
            return picture
        covered = picture.copy()
        ImageDraw.Draw(covered).rectangle((x, y, x + width - 1, y + height - 1), fill=(red, green, blue))
        return covered
