"""The picture compressed anew."""

import io
from typing import ClassVar, Literal

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion

__all__ = ["Recompress"]

_BEST, _WORST = 95, 5


class Recompress(ImageDistortion):
    """Writes the picture as a JPEG and reads it again, with quality 95 to 5 (libjpeg's scale, ITU-T T.81).

    Perceptual hashes do not mind: PDQ and pHash find all at quality 5.

    >>> Recompress(strength=1).magnitude
    5.0
    """

    kind: Literal["recompress"] = "recompress"
    unit: ClassVar[str] = "JPEG quality"

    @property
    def magnitude(self) -> float:
        """JPEG quality."""
        return float(round(_BEST + (_WORST - _BEST) * self.strength))

    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture with the traces of JPEG."""
        if not self.strength:
            return picture
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=round(self.magnitude))
        with Image.open(buffer) as again:
            return again.convert("RGB")
