"""Other colours."""

from typing import ClassVar, Literal

import numpy as np
from PIL import Image, ImageEnhance

from media_gen.distortions.distortion import ImageDistortion

__all__ = ["Colour"]

_HUE = 60.0
_SATURATION = 0.7
_CONTRAST = 0.5
_LEVELS = 256


class Colour(ImageDistortion):
    """Turns hues by up to 60 degrees, and takes away up to 70 % of the colour and half of the contrast.

    As photo filters do; perceptual hashes look at light and dark alone and do not mind.

    >>> Colour(strength=0.5).magnitude
    30.0
    """

    kind: Literal["colour"] = "colour"
    unit: ClassVar[str] = "degrees of hue"

    @property
    def magnitude(self) -> float:
        """Degrees by which hues are turned."""
        return _HUE * self.strength

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture in other colours."""
        if not self.strength:
            return picture
        hue, saturation, value = picture.convert("HSV").split()
        turn = round(self.magnitude / 360 * _LEVELS)
        turned = hue.point([(level + turn) % _LEVELS for level in range(_LEVELS)])
        coloured = Image.merge("HSV", (turned, saturation, value)).convert("RGB")
        paler = ImageEnhance.Color(coloured).enhance(1 - _SATURATION * self.strength)
        return ImageEnhance.Contrast(paler).enhance(1 - _CONTRAST * self.strength)
