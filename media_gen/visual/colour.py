"""Colour: linear light, sRGB and OKLCH (Ottosson 2020, "A perceptual color space for image processing")."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from media_gen.visual.vectors import Floats

__all__ = ["RGB", "contrast", "encode", "from_oklch", "luminance", "to_hex"]

RGB = tuple[float, float, float]
"""Linear light, 0 to 1, with the sRGB primaries."""

_STEPS = 4096
_BAYER = np.array(
    [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32
) / 16 + np.float32(1 / 32)


def from_oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """Linear RGB of a lightness (0 to 1), chroma (about 0 to 0.3) and hue (degrees), cut to the gamut.

    Rounded to 1/4096, so that the last bit of a sine on another machine changes no picture.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _step(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _step(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _step(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _step(x: float) -> float:
    return round(min(max(x, 0.0), 1.0) * _STEPS) / _STEPS


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 to 1 (ITU-R BT.709)."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(a: float, b: float) -> float:
    """Contrast ratio of two luminances, 1 to 21 (WCAG 2)."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def _srgb(x: float) -> float:
    return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055


@cache
def _encoding() -> Floats:
    return np.array([round(255 * _srgb(i / _STEPS), 3) for i in range(_STEPS + 1)], np.float32)


def encode(light: Floats) -> NDArray[np.uint8]:
    """8-bit sRGB (height, width, 3) of linear light (3, height, width) in [0, 1].

    From a table, so alike on every machine; ordered dither (Bayer 1973) keeps gradients free of bands.
    """
    height, width = light.shape[1:]
    threshold = np.tile(_BAYER, (height // 4 + 1, width // 4 + 1))[:height, :width]
    levels = _encoding()[(light * _STEPS + 0.5).astype(np.uint16)] + threshold
    return np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0))


def to_hex(colour: RGB) -> str:
    """The sRGB colour as ``#rrggbb``.

    >>> to_hex((1.0, 0.0, 0.2158605))
    '#ff0080'
    """
    return "#" + "".join(f"{round(255 * _srgb(channel)):02x}" for channel in colour)
