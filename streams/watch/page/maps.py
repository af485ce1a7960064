"""Maps as pictures: depth, segmentation and normals of a picture, in colours that can be told apart."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["MAPS", "drawn"]

MAPS = ("depth", "instance", "semantic", "normals")
_NEAREST, _FARTHEST = 1.0, 99.0
_BLACK = np.zeros(3, dtype=np.uint8)

# Seven anchors of viridis (CC0, by Smith and van der Walt): even steps of lightness, told apart by the colour-blind.
_VIRIDIS = np.array(
    [(68, 1, 84), (68, 57, 131), (49, 104, 142), (33, 145, 140), (53, 183, 121), (144, 215, 67), (253, 231, 37)]
)  # fmt: skip
# Okabe and Ito (2008), without black, and lighter and darker variants of them.
_NAMED = np.array(
    [(230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167),
     (247, 205, 120), (170, 217, 244), (120, 210, 185), (130, 124, 30), (0, 62, 98), (120, 53, 0), (114, 60, 92)]
)  # fmt: skip


def drawn(role: str, data: bytes) -> bytes:
    """A map (16-bit depth or object ids, 8-bit categories, RGB normals; PNG) as a PNG for the eye.

    Depth runs from near (yellow) to far (violet) between its first and last percentile; objects and categories have a
    colour each, repeated after fourteen; what is no object is transparent.
    """
    with Image.open(BytesIO(data)) as opened:
        values = np.asarray(opened)
    pixels = values if role == "normals" else _shaded(values) if role == "depth" else _coloured(values)
    kept = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels, dtype=np.uint8)).save(kept, "PNG", compress_level=4)
    return kept.getvalue()


def _shaded(depth: NDArray[np.generic]) -> NDArray[np.uint8]:
    metres = depth.astype(np.float64)
    there = metres > 0
    near, far = np.percentile(metres[there], (_NEAREST, _FARTHEST)) if there.any() else (0.0, 1.0)
    closeness = 1 - np.clip((metres - near) / max(far - near, 1e-9), 0, 1)
    places = closeness * (len(_VIRIDIS) - 1)
    stops = np.arange(len(_VIRIDIS))
    colours = np.stack([np.interp(places, stops, _VIRIDIS[:, channel]) for channel in range(3)], axis=-1)
    return np.where(there[..., None], np.rint(colours).astype(np.uint8), _BLACK)


def _coloured(ids: NDArray[np.generic]) -> NDArray[np.uint8]:
    numbers = ids.astype(np.int64)
    colours = _NAMED[(numbers - 1) % len(_NAMED)].astype(np.uint8)
    opacity = np.where(numbers > 0, 255, 0).astype(np.uint8)
    return np.concatenate([colours, opacity[..., None]], axis=-1)
