"""Masks as boxes and as COCO run lengths (Lin et al. 2014; the compressed form of pycocotools)."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_gen.visual.vectors import Indices

__all__ = ["box_of", "decode_rle", "encode_rle"]

Mask = NDArray[np.bool_]


def box_of(pixels: Indices, width: int) -> list[int] | None:
    """COCO box [x, y, width, height], whole pixels, of row-major pixel numbers; None if there are none."""
    if not len(pixels):
        return None
    rows, columns = pixels // width, pixels % width
    x, y = int(columns.min()), int(rows.min())
    return [x, y, int(columns.max()) + 1 - x, int(rows.max()) + 1 - y]


def encode_rle(mask: Mask) -> dict[str, Any]:
    """COCO's compressed RLE of a mask (height, width): ``size`` [height, width], ``counts`` down the columns.

    >>> encode_rle(np.array([[False, True], [True, True]]))
    {'size': [2, 2], 'counts': '13'}
    """
    flat = mask.T.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = [0, *changes.tolist(), flat.size]
    runs = [end - start for start, end in pairwise(bounds)]
    if flat.size and flat[0]:
        runs.insert(0, 0)
    return {"size": list(mask.shape), "counts": _packed(runs)}


def _packed(runs: list[int]) -> str:
    """Runs from the fourth on as differences to the run two before, each in 5-bit groups from '0' on."""
    steps = runs[:3] + [run - before for run, before in zip(runs[3:], runs[1:], strict=False)]
    return "".join(map(_packed_number, steps))


def _packed_number(x: int) -> str:
    text = ""
    while True:
        group, x = x & 0x1F, x >> 5
        finished = x == (-1 if group & 0x10 else 0)
        text += chr(48 + (group if finished else group | 0x20))
        if finished:
            return text


def decode_rle(rle: dict[str, Any]) -> Mask:
    """The mask (height, width) of a compressed RLE."""
    height, width = rle["size"]
    runs = _unpacked(rle["counts"])
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def _unpacked(counts: str) -> list[int]:
    runs: list[int] = []
    x = shift = 0
    for character in counts:
        code = ord(character) - 48
        x |= (code & 0x1F) << shift
        shift += 5
        if not code & 0x20:
            x -= (1 << shift) if code & 0x10 else 0
            runs.append(x + (runs[-2] if len(runs) > 2 else 0))
            x = shift = 0
    return runs
