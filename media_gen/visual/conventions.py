"""How to read a picture's ground truth; travels with it in its annotations."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CONVENTIONS"]

CONVENTIONS: Mapping[str, str] = MappingProxyType(
    {
        "lengths": "metres; world x and y along the floor, z up",
        "pixels": "origin in the upper left corner; a pixel's centre is at (column + 0.5, row + 0.5)",
        "sampling": "maps and masks are sampled at pixel centres, never antialiased, and without the title",
        "camera": "OpenCV: +X right, +Y down, +Z forward; K 3x3 in pixels; cam_to_world 4x4, row-major",
        "depth": "16-bit PNG: planar Z along the optical axis; metres = value * metres_per_unit; 0 = sky",
        "range": "16-bit PNG: distance to the camera's centre; metres = value * metres_per_unit; 0 = sky",
        "normals": "8-bit RGB PNG: value / 127.5 - 1 along the camera's right, up and back; 0,0,0 = sky",
        "instance": "16-bit PNG: object id; 0 = sky and floor",
        "semantic": "8-bit PNG: category_id, named by idToLabels",
        "bbox": "COCO [x, y, width, height] around the visible mask; null if nothing is visible",
        "bbox_loose": "the same around what would be visible if nothing else were in the scene",
        "segmentation": "COCO compressed RLE of the visible mask",
        "occlusion": "share hidden by others, 0 to 1, of what is within the image; -1 if nothing is",
        "box3d": "extents along local axes; transform local to world, 4x4, row-major; corners in the world",
    }
)
