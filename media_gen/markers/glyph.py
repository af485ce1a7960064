"""The visual marker: a square of dark and light cells in a dark frame on a light plate, twice in a picture.

A fiducial like ARToolKit's and AprilTag (Olson 2011): the frame is found wherever it lies and however it is turned
or mirrored; the 6 x 6 cells inside carry the code, but for the corners, which tell how the glyph lies.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from media_gen.markers.code import LENGTH, signs
from sim.seeds import Stream

__all__ = ["CELLS", "CORNERS", "FRAMED", "ORDER", "draw_glyphs"]

CELLS = 6
"""Cells along a side of the code."""
FRAMED = CELLS + 2
"""Cells along a side with the dark frame."""
_PLATE = FRAMED + 2
_SIZE = 0.3
"""Side of the plate as a part of the picture's shorter side."""
_PLACES = ((0.65, 0.35), (0.35, 0.61))
"""Middles of the glyphs, as parts of width and height: a fifth may be cut off all around."""
_LIGHT, _DARK = (244, 241, 232), (18, 20, 26)

CORNERS = np.array([-1.0, 1.0, 1.0, 1.0])
"""Signs of the corner cells in reading order: one dark, three light."""

Grid = NDArray[np.float64]


def _scattered() -> NDArray[np.int64]:
    # In a fixed random order, a blot costs signs that have nothing to do with each other.
    cells = [place for place in range(CELLS * CELLS) if not _is_corner(place)]
    return np.array([cells[place] for place in Stream(0x61AF).sample(LENGTH, of=LENGTH)])


def _is_corner(place: int) -> bool:
    return place // CELLS in (0, CELLS - 1) and place % CELLS in (0, CELLS - 1)


ORDER = _scattered()
"""Cells, numbered row by row, in the order of the code's signs."""


@cache
def _cells(code: int) -> tuple[bool, ...]:
    """Which of the framed cells are light, row by row."""
    inner = np.empty(CELLS * CELLS)
    inner[ORDER] = signs(code)
    inner[[0, CELLS - 1, CELLS * (CELLS - 1), CELLS * CELLS - 1]] = CORNERS
    framed = np.full((FRAMED, FRAMED), -1.0)
    framed[1:-1, 1:-1] = inner.reshape(CELLS, CELLS)
    return tuple(bool(sign > 0) for sign in framed.ravel())


def draw_glyphs(picture: Image.Image, code: int) -> tuple[Image.Image, list[list[int]]]:
    """The picture with both glyphs of a code on it, and their boxes [x, y, width, height] in pixels."""
    marked = picture.copy()
    boxes = []
    side = max(_PLATE, round(_SIZE * min(picture.size)))
    for across, down in _PLACES:
        x, y = round(across * picture.width - side / 2), round(down * picture.height - side / 2)
        _draw_glyph(ImageDraw.Draw(marked), x, y, side, code)
        boxes.append([x, y, side, side])
    return marked, boxes


def _draw_glyph(draw: ImageDraw.ImageDraw, x: int, y: int, side: int, code: int) -> None:
    draw.rectangle((x, y, x + side - 1, y + side - 1), fill=_LIGHT)
    edges = [round((place + 1) * side / _PLATE) for place in range(FRAMED + 1)]
    for place, light in enumerate(_cells(code)):
        row, column = divmod(place, FRAMED)
        if not light:
            corner = x + edges[column], y + edges[row]
            draw.rectangle((*corner, x + edges[column + 1] - 1, y + edges[row + 1] - 1), fill=_DARK)
