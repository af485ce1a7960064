"""Framing: the camera that shows everything, with room for the title."""

import math
from dataclasses import dataclass

import numpy as np

from media_gen.visual.camera import Camera
from media_gen.visual.vectors import Matrix

__all__ = ["FARTHEST", "Frame", "framed"]

FARTHEST = 60.0
"""The floor ends this far from the camera, metres: 16 bits of millimetres reach 65.535."""

_MARGIN = 0.045
_ROUNDS = 14
_NEAREST_REACHES = 1.5  # so that nothing comes behind the camera, however wide its view
_FARTHEST_DISTANCE = 52.0


@dataclass(frozen=True)
class Frame:
    """An image's size (pixels), horizontal field of view (degrees), and the share kept free at the bottom."""

    width: int
    height: int
    field_of_view: float
    title_share: float


def framed(points: Matrix, azimuth: float, elevation: float, frame: Frame) -> tuple[Camera, float]:
    """The camera at these angles (degrees; azimuth 0 looks along +y) whose picture the points (n, 3) fill.

    Its distance is given too. The distance and the tilt are found by turns; both settle within a few rounds.
    """
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    around, up = math.radians(azimuth - 90), math.radians(elevation)
    outwards = np.array([math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)])
    room = 1 - 2 * _MARGIN, 1 - 2 * _MARGIN - frame.title_share
    wanted_middle = (_MARGIN + room[1] / 2) * frame.height
    nearest = _NEAREST_REACHES * math.sqrt(np.square(points - middle).sum(axis=1).max())
    distance, target = 3 * nearest, middle
    for _ in range(_ROUNDS):
        camera = _aimed(middle + distance * outwards, target, frame)
        seen = camera.project(points)
        (left, top), (right, bottom) = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
        across = 2 * max(frame.width / 2 - left, right - frame.width / 2)
        fill = max(across / (room[0] * frame.width), (bottom - top) / (room[1] * frame.height))
        shift = ((top + bottom) / 2 - wanted_middle) * distance / camera.focal
        target = target + shift * camera.pose[:3, 1]
        distance = min(max(distance * float(fill), nearest), _FARTHEST_DISTANCE)
    return _aimed(middle + distance * outwards, target, frame), distance


def _aimed(eye: Matrix, target: Matrix, frame: Frame) -> Camera:
    return Camera.look_at(
        eye, target, field_of_view=frame.field_of_view, width=frame.width, height=frame.height
    )
