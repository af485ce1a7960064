"""Finishing: a marker and distortions on a finished picture, and its ground truth moved along."""

import io
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import ImageDistortion
from media_gen.distortions.geometry import Geometry
from media_gen.distortions.treatment import treated_picture
from media_gen.rendition import MediaFile, Rendition
from media_gen.visual.masks import box_of, decode_rle, encode_rle
from media_gen.visual.png import png_file

__all__ = ["finished"]


def finished(
    rendition: Rendition,
    *,
    marker: int | None,
    distortions: Sequence[ImageDistortion],
    rng: np.random.Generator,
) -> Rendition:
    """The rendition with marker and distortions in its picture; itself if there are none.

    Maps, masks, boxes and K go where the picture's points go; they are of the scene, as if nothing were drawn or stuck
    on it. ``invalid`` names annotations that no longer hold.
    """
    if marker is None and not distortions:
        return rendition
    with Image.open(io.BytesIO(rendition.file("image").data)) as picture:
        treated = treated_picture(picture.convert("RGB"), marker=marker, distortions=distortions, rng=rng)
    image = png_file("image", np.asarray(treated.picture))
    maps = [_moved_map(file, treated.moves) for file in rendition.files if file.role != "image"]
    truth = reduce(_moved_truth, treated.moves, rendition.annotations)
    invalid = ["occlusion"] if not all(move.whole for move in treated.moves) else []
    if truth["title"] and distortions:
        invalid.append("title.contrast")
    return Rendition((image, *maps), {**truth, **treated.told, "invalid": invalid})


def _moved_map(file: MediaFile, moves: Sequence[Geometry]) -> MediaFile:
    if not moves:
        return file
    with Image.open(io.BytesIO(file.data)) as picture:
        pixels = np.asarray(picture)
    for move in moves:
        pixels = move.map(pixels)
    return png_file(file.role, pixels)


def _moved_truth(truth: dict[str, Any], move: Geometry) -> dict[str, Any]:
    camera = truth["camera"]
    intrinsics = np.round(move.matrix @ np.array(camera["K"]), 6) + 0.0
    return {
        **truth,
        "camera": {**camera, "width": move.width, "height": move.height, "K": intrinsics.tolist()},
        "objects": [_moved_object(thing, move) for thing in truth["objects"]],
        "title": truth["title"] and _moved_title(truth["title"], move),
    }


def _moved_object(thing: dict[str, Any], move: Geometry) -> dict[str, Any]:
    mask = move.map(decode_rle(thing["segmentation"]))
    return {
        **thing,
        "bbox": box_of(np.flatnonzero(mask), move.width),
        "bbox_loose": move.box(thing["bbox_loose"]),
        "area": int(mask.sum()),
        "segmentation": encode_rle(mask),
        "occlusion": thing["occlusion"] if move.whole else None,
    }


def _moved_title(title: dict[str, Any], move: Geometry) -> dict[str, Any]:
    return {
        **title,
        "lines": [{**line, "bbox": move.box(line["bbox"])} for line in title["lines"]],
        "bbox": move.box(title["bbox"]),
        "segmentation": encode_rle(move.map(decode_rle(title["segmentation"]))),
    }
