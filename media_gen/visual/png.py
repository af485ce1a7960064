"""PNG files of images and maps."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media_gen.rendition import MediaFile

__all__ = ["png_file"]

_LEVEL = 1  # maps of floats hardly shrink further, and level 6 takes five times as long


def png_file(role: str, pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> MediaFile:
    """A PNG of (height, width) 8- or 16-bit grey or (height, width, 3) 8-bit RGB, named after its role."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=_LEVEL)
    return MediaFile(role, f"{role}.png", "image/png", buffer.getvalue())
