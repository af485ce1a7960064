"""Reading visual markers: find square dark frames, sample their cells, and take the code that fits best."""

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

from media_gen.markers.code import decoded
from media_gen.markers.glyph import CELLS, CORNERS, FRAMED, ORDER

__all__ = ["read_image", "read_pixels"]

_SMOOTHINGS = (0.6, 1.6, 3.2)
"""Blurs in pixels that are tried before looking for frames: more against noise, less for small glyphs."""
_SHORTER_SIDE = 320
"""Pictures are brought to about this size first."""
_NEIGHBOURHOOD = 0.22
"""What counts as dark is told by the mean of so large a part of the picture around."""
_SMALLEST, _LARGEST = 0.08, 0.6
"""Side of a frame as a part of the picture's shorter side."""
_FIT = 0.9
"""How well the signs must fit a code: 1 is perfect; wrong ones reached 0.88 in what was tried."""
_FRAMED = 0.8
"""Part of the frame that must be dark, and of its surroundings that must be light."""
_CERTAIN = 0.95
"""A fit beyond which no further smoothing is tried."""
_CONTRAST = 12.0
_CODE_SHARE = 32 / 36
"""Cells of the code among all within the frame."""

Floats = NDArray[np.float64]


def read_image(png_bytes: bytes) -> int | None:
    """The code of the marker in an encoded picture, or None if none can be read; mirrored and turned ones too."""
    with Image.open(io.BytesIO(png_bytes)) as picture:
        return read_pixels(picture)


def read_pixels(picture: Image.Image) -> int | None:
    """The code of the marker in a picture, or None."""
    grey = picture.convert("L")
    scale = _SHORTER_SIDE / min(grey.size)
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    pixels = np.asarray(
        grey.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX), float
    )
    best, found = _FIT, None
    for smoothing in _SMOOTHINGS:
        smooth = ndimage.gaussian_filter(pixels, smoothing)
        for corners in _frames(smooth):
            fit, code = _read(smooth, corners)
            if fit > best:
                best, found = fit, code
        if best > _CERTAIN:
            break
    return found


def _frames(pixels: Floats) -> Iterator[Floats]:
    """Corners (4, 2) as (row, column) of every dark region that is about a square."""
    side = min(pixels.shape)
    around = ndimage.uniform_filter(pixels, round(_NEIGHBOURHOOD * side), mode="nearest")
    regions, count = ndimage.label(pixels < around - 2)
    for number, place in enumerate(ndimage.find_objects(regions, max_label=count), 1):
        rows, columns = (part.stop - part.start for part in place)
        if not (_SMALLEST * side < min(rows, columns) and max(rows, columns) < _LARGEST * side):
            continue
        region = ndimage.binary_fill_holes(regions[place] == number)
        corners = _square(np.argwhere(region ^ ndimage.binary_erosion(region)), int(region.sum()))
        if corners is not None:
            yield corners + np.array([place[0].start, place[1].start])


def _square(outline: NDArray[np.int64], area: int) -> Floats | None:
    """Corners of the smallest rectangle around an outline, if it is nearly a square and nearly filled."""
    try:
        hull = outline[ConvexHull(outline).vertices].astype(float)
    except QhullError:
        return None
    edges = np.roll(hull, -1, axis=0) - hull
    angles = np.unique(np.round(np.arctan2(edges[:, 1], edges[:, 0]) % (np.pi / 2), 3))
    cosine, sine = np.cos(angles), np.sin(angles)
    along = np.stack([np.stack([cosine, sine], 1), np.stack([-sine, cosine], 1)], 1)
    spans = np.einsum("aij,nj->ain", along, hull)
    low, high = spans.min(axis=2) - 0.5, spans.max(axis=2) + 0.5
    sizes = high - low
    best = int(sizes.prod(axis=1).argmin())
    longer, shorter = sizes[best].max(), sizes[best].min()
    if shorter < 0.75 * longer or area < 0.72 * longer * shorter:
        return None
    ends = np.stack([low[best], high[best]])
    unturned = np.array([[ends[0, 0], ends[0, 1]], [ends[0, 0], ends[1, 1]],
                         [ends[1, 0], ends[1, 1]], [ends[1, 0], ends[0, 1]]])  # fmt: skip
    return np.asarray(unturned @ along[best] + 0.0)


def _read(pixels: Floats, corners: Floats) -> tuple[float, int]:
    """How well the best code fits the cells within a frame, and the code."""
    origin, across, down = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    middles = (np.arange(-1, FRAMED + 1) + 0.5) / FRAMED
    places = origin + middles[:, None, None] * down + middles[None, :, None] * across
    levels = ndimage.map_coordinates(pixels, np.moveaxis(places, 2, 0), order=1, mode="nearest")
    plate = np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])
    framed = levels[1:-1, 1:-1]
    frame = np.concatenate([framed[0], framed[-1], framed[1:-1, 0], framed[1:-1, -1]])
    inner = framed[1:-1, 1:-1]
    light, dark = np.median(plate), np.median(frame)
    # Under blur, light cells between dark ones never reach the plate's level: the middle is where the cells part.
    middle = (inner.max() + min(inner.min(), dark)) / 2
    if light - dark < _CONTRAST or np.mean(plate > middle) < _FRAMED or np.mean(frame < middle) < _FRAMED:
        return 0.0, 0
    half = max((inner.max() - inner.min()) / 2, 1.0)
    return _best_fit(np.clip((inner - middle) / half, -1, 1))


def _best_fit(cells: Floats) -> tuple[float, int]:
    """The best fit over all eight ways in which a square can lie."""
    ways = [np.rot90(one, turn) for one in (cells, cells.T) for turn in range(4)]
    flat = np.stack([way.ravel() for way in ways])
    corners = flat[:, [0, CELLS - 1, CELLS * (CELLS - 1), CELLS * CELLS - 1]]
    codes, fits, _ = decoded(flat[:, ORDER])
    agreeing = (corners * CORNERS).sum(axis=1) / np.maximum(np.abs(corners).sum(axis=1), 1e-9)
    total = _CODE_SHARE * fits + (1 - _CODE_SHARE) * agreeing
    best = int(total.argmax())
    return float(total[best]), int(codes[best])
