"""Ray casting: what every ray of a picture meets first, and which points the key light reaches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_gen.visual.camera import Camera
from media_gen.visual.framing import FARTHEST
from media_gen.visual.scene import Scene, Thing
from media_gen.visual.vectors import Floats, Indices, Matrix, column, dot

__all__ = ["FLOOR", "SKY", "Hits", "cast", "shadowed"]

SKY, FLOOR = -1, 0
_LIFT = 3e-3
_MIRROR = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True)
class Hits:
    """The first surface along n rays.

    ``depth`` (n,): planar Z in metres, inf for sky. ``owner`` (n,): SKY, FLOOR or 1 + the thing's place in
    the scene. ``points`` (3, n) in the world, the camera's for sky. ``normals`` (3, n), zero for sky.
    ``alone``: for every thing, the rays that would meet it if nothing stood before it.
    """

    depth: Floats
    owner: NDArray[np.int16]
    points: Floats
    normals: Floats
    alone: tuple[Indices, ...]


def cast(scene: Scene, u: Floats, v: Floats, *, mirrored: bool = False) -> Hits:
    """What is seen at image points (u, v), directly or ``mirrored`` in the floor."""
    flip = column(_MIRROR if mirrored else np.ones(3))
    eye, directions = column(scene.camera.eye) * flip, scene.camera.directions(u, v) * flip
    depth, owner = (np.full(len(u), np.inf, np.float32), np.full(len(u), SKY, np.int16))
    if not mirrored:
        depth, owner = _floor(eye, directions)
    alone = []
    for number, thing in enumerate(scene.things, start=1):
        rays = _candidates(scene.camera, thing.corners * flip.T, u, v)
        t = thing.enter(eye, directions[:, rays])
        alone.append(rays[t < np.inf])
        nearer = t < depth[rays]
        depth[rays[nearer]], owner[rays[nearer]] = t[nearer], number
    points = eye + np.where(owner == SKY, np.float32(0), depth) * directions
    return Hits(depth, owner, points, _normals(scene, owner, points), tuple(alone))


def _floor(eye: Floats, directions: Floats) -> tuple[Floats, NDArray[np.int16]]:
    t = eye[2] / np.maximum(-directions[2], 1e-6)
    on_floor = (directions[2] < 0.0) & (t * t * dot(directions, directions) < FARTHEST**2)
    return np.where(on_floor, t, np.float32(np.inf)), np.where(on_floor, FLOOR, SKY).astype(np.int16)


def _candidates(camera: Camera, corners: Matrix, u: Floats, v: Floats) -> Indices:
    """Rays inside the image rectangle around the corners: no other can meet what they bound."""
    projected = camera.project(corners)
    if projected[:, 2].min() <= 0.0:
        return np.arange(len(u))
    (left, top, _), (right, bottom, _) = projected.min(axis=0).tolist(), projected.max(axis=0).tolist()
    return np.flatnonzero((u >= left) & (u <= right) & (v >= top) & (v <= bottom))


def _normals(scene: Scene, owner: NDArray[np.int16], points: Floats) -> Floats:
    normals = np.zeros_like(points)
    normals[2, owner == FLOOR] = 1.0
    for number, thing in enumerate(scene.things, start=1):
        rays = np.flatnonzero(owner == number)
        if len(rays):
            normals[:, rays] = thing.normals(points[:, rays])
    return normals


def shadowed(things: tuple[Thing, ...], points: Floats, normals: Floats, sun: Floats) -> NDArray[np.bool_]:
    """Whether anything stands between surface points (3, n) and the light in direction ``sun`` (3, 1)."""
    dark = np.zeros(points.shape[1], bool)
    origins = points + _LIFT * normals
    along = dot(origins, sun)
    for thing in things:
        centre = column(thing.position)
        ahead = dot(centre, sun) - along
        offset = centre - origins
        apart = dot(offset, offset) - ahead * ahead
        rays = np.flatnonzero((apart < thing.reach**2) & (ahead > -thing.reach) & ~dark)
        if len(rays):
            dark[rays] = thing.enter(origins[:, rays], np.broadcast_to(sun, (3, len(rays)))) < np.inf
    return dark
