"""Titling: letters laid over a picture so that they stand out from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from media_gen.visual.colour import RGB, contrast, luminance, to_hex
from media_gen.visual.lettering import Setting
from media_gen.visual.masks import box_of, encode_rle
from media_gen.visual.palette import Palette
from media_gen.visual.vectors import Floats, column, smoothstep

__all__ = ["READABLE", "Titled", "title_truth", "titled"]

READABLE = 4.5
"""The contrast ratio at which ordinary text is readable (WCAG 2.2, success criterion 1.4.3)."""

_STRENGTHS = (0.0, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
_WHITE, _BLACK = (0.97, 0.97, 0.97), (0.01, 0.01, 0.01)
_INKED = 128
_FADE = 0.2
_DARK = 0.4


@dataclass(frozen=True)
class Titled:
    """A picture with its title: ``light`` (3, height, width), the letters' colour and least contrast."""

    light: Floats
    colour: RGB
    contrast: float


def titled(light: Floats, setting: Setting, palette: Palette) -> Titled:
    """The picture with the title on it, over a shade only as strong as the letters need to be readable."""
    dark = luminance(palette.floor) < _DARK
    colour = _WHITE if dark else _BLACK
    shade = _mixed(palette.zenith, _BLACK) if dark else _mixed(palette.horizon, _WHITE)
    for strength in _STRENGTHS:
        ground = _shaded(light, shade, strength, setting)
        found = _least_contrast(ground, setting, colour)
        if found >= READABLE:
            break
    ink = setting.ink.astype(np.float32) * np.float32(1 / 255)
    return Titled(ground + ink * (column(colour)[:, :, None] - ground), colour, found)


def _mixed(colour: RGB, extreme: RGB) -> RGB:
    red, green, blue = (0.4 * c + 0.6 * e for c, e in zip(colour, extreme, strict=True))
    return red, green, blue


def _shaded(light: Floats, shade: RGB, strength: float, setting: Setting) -> Floats:
    """The picture blended towards a shade, fully from the first line of the title on."""
    inked = np.flatnonzero(setting.ink.max(axis=1))
    if not strength or not len(inked):
        return light
    height, first = light.shape[1], float(inked[0])
    rows = np.arange(height, dtype=np.float32)
    cover = np.float32(strength) * smoothstep(first - _FADE * height, first, rows)[:, None]
    return light + cover * (column(shade)[:, :, None] - light)


def _least_contrast(ground: Floats, setting: Setting, colour: RGB) -> float:
    """The contrast of the letters to the pixels just around and under them, but for the worst twentieth."""
    near = setting.ink > 0
    if not near.any():
        return READABLE
    red, green, blue = ground[:, near]
    levels = np.sort(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    low, high = levels[len(levels) // 20], levels[-1 - len(levels) // 20]
    ink = luminance(colour)
    return min(contrast(ink, float(low)), contrast(ink, float(high)))


def title_truth(setting: Setting, result: Titled) -> dict[str, Any]:
    """Where the letters are and how well they stand out; boxes are COCO's, around all ink, in pixels."""
    return {
        "lines": [{"text": line.text, "bbox": list(line.box)} for line in setting.lines],
        "bbox": box_of(np.flatnonzero(setting.ink), setting.ink.shape[1]),
        "segmentation": encode_rle(setting.ink >= _INKED),
        "font": {"family": "Aileron", "size": setting.size},
        "colour": to_hex(result.colour),
        "contrast": round(result.contrast, 2),
    }
