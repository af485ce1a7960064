"""Ground truth of a scene: its camera, and every object's boxes, masks and pose."""

from typing import Any

import numpy as np

from media_gen.visual.casting import Hits
from media_gen.visual.colour import to_hex
from media_gen.visual.masks import box_of, encode_rle
from media_gen.visual.scene import Scene, Thing
from media_gen.visual.shapes import LABELS
from media_gen.visual.vectors import Indices, Matrix

__all__ = ["camera_truth", "object_truth"]


def camera_truth(scene: Scene) -> dict[str, Any]:
    """Size, intrinsics and pose."""
    camera = scene.camera
    return {
        "width": camera.width,
        "height": camera.height,
        "K": _rounded(camera.intrinsics),
        "cam_to_world": _rounded(camera.pose),
    }


def object_truth(scene: Scene, hits: Hits) -> list[dict[str, Any]]:
    """What is true of every object, by id."""
    return [
        _one_object(number, thing, np.flatnonzero(hits.owner == number), hits.alone[number - 1], scene)
        for number, thing in enumerate(scene.things, start=1)
    ]


def _one_object(number: int, thing: Thing, seen: Indices, alone: Indices, scene: Scene) -> dict[str, Any]:
    width, height = scene.camera.width, scene.camera.height
    mask = np.zeros(width * height, bool)
    mask[seen] = True
    return {
        "id": number,
        "label": thing.label,
        "category_id": LABELS.index(thing.label),
        "colour": to_hex(thing.finish.colour),
        "finish": thing.finish.name,
        "bbox": box_of(seen, width),
        "bbox_loose": box_of(alone, width),
        "area": len(seen),
        "segmentation": encode_rle(mask.reshape(height, width)),
        "iscrowd": 0,
        "occlusion": round(1 - len(seen) / len(alone), 6) if len(alone) else -1,
        "box3d": _box3d(thing),
    }


def _box3d(thing: Thing) -> dict[str, Any]:
    return {
        "extents": _rounded(2 * np.array(thing.solid.half)),
        "transform": _rounded(thing.transform),
        "corners": _rounded(thing.corners),
    }


def _rounded(numbers: Matrix) -> Any:
    """Plain lists; rounded to a micrometre, with no minus before zero."""
    return (np.round(numbers, 6) + 0.0).tolist()
