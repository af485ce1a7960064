"""Light on surfaces: a key light with shadows, a hemisphere of sky, highlights, a floor that mirrors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_gen.visual.casting import FLOOR, SKY, Hits, cast, shadowed
from media_gen.visual.scene import Scene
from media_gen.visual.sky import Sky
from media_gen.visual.vectors import Floats, Indices, column, dot, normalize

__all__ = ["Lighting"]

_FOG = 2.8
"""Distances of the things from the camera at which half of a surface is lost in fog."""

_F0 = 0.04
_METAL_F0 = 0.6
_BOUNCE = 0.55


@dataclass(frozen=True)
class Patch:
    """n surface points: whose they are, where, how they face, and the unit directions of the rays."""

    owner: NDArray[np.int16]
    points: Floats
    normals: Floats
    directions: Floats

    @classmethod
    def of(cls, hits: Hits, rays: Indices, directions: Floats) -> "Patch":
        """The surfaces that some of the rays met."""
        return cls(hits.owner[rays], hits.points[:, rays], hits.normals[:, rays], directions)


@dataclass(frozen=True)
class Surfaces:
    """What a scene's things are made of, as columns by owner: 0 is the floor, 1 and up the things."""

    albedo: Floats
    shine: Floats
    metal: Floats
    glow: Floats

    @classmethod
    def of(cls, scene: Scene) -> "Surfaces":
        """The surfaces of a scene."""
        finishes = [thing.finish for thing in scene.things]
        palette = scene.palette
        return cls(
            albedo=np.array([palette.floor, *(f.colour for f in finishes)], np.float32).T,
            shine=np.array([palette.gloss, *(f.shine for f in finishes)], np.float32),
            metal=np.array([0.0, *(f.metal for f in finishes)], np.float32),
            glow=np.array([0.0, *(f.glow for f in finishes)], np.float32),
        )


class Lighting:
    """The light in a scene: :meth:`seen` gives the linear colour along rays through image points."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._surfaces, self._sky = Surfaces.of(scene), Sky(scene.palette, scene.disc)
        self._sun, self._key = column(scene.sun), column(scene.palette.key)

    def seen(self, hits: Hits, u: Floats, v: Floats) -> Floats:
        """Linear RGB (3, n) of what the rays through (u, v) met."""
        directions = normalize(self.scene.camera.directions(u, v))
        light = self._sky.light(directions)
        rays = np.flatnonzero(hits.owner != SKY)
        patch = Patch.of(hits, rays, directions[:, rays])
        surface = self._lit(patch, self._sunlight(patch))
        light[:, rays] = surface + self._fog(hits.depth[rays]) * (light[:, rays] - surface)
        if self.scene.palette.gloss > 0.0:
            self._add_mirror_image(light, hits, u, v, directions)
        return light

    def _fog(self, depth: Floats) -> Floats:
        far = depth * (1 / (_FOG * self.scene.distance))
        cube = far * far * far
        fog: Floats = cube / (1.0 + cube)
        return fog

    def _sunlight(self, patch: Patch) -> Floats:
        """Cosine of the key light's angle, 0 where something stands before it."""
        facing = np.maximum(dot(self._sun, patch.normals), 0.0)
        lit = np.flatnonzero(facing > 0.0)
        dark = shadowed(self.scene.things, patch.points[:, lit], patch.normals[:, lit], self._sun)
        facing[lit[dark]] = 0.0
        return facing

    def _lit(self, patch: Patch, sunlight: Floats) -> Floats:
        """Light that leaves the surfaces towards the viewer."""
        surfaces = self._surfaces
        albedo, metal = surfaces.albedo[:, patch.owner], surfaces.metal[patch.owner]
        light = sunlight * self._key + self._ambient(patch) * self.scene.palette.fill
        diffuse = light * (1.0 - _METAL_F0 * metal) + surfaces.glow[patch.owner]
        tint = np.where(metal > 0.0, albedo, np.float32(1.0))
        lit: Floats = albedo * diffuse + tint * self._gloss(patch, sunlight)
        return lit

    def _gloss(self, patch: Patch, sunlight: Floats) -> Floats:
        """What a surface mirrors of the sky (Schlick 1994) and of the key light."""
        shine, metal = self._surfaces.shine[patch.owner], self._surfaces.metal[patch.owner]
        cosine = np.maximum(-dot(patch.directions, patch.normals), 0.0)
        mirror = patch.directions + (2.0 * cosine) * patch.normals
        grazing = (1.0 - cosine) * np.square(np.square(1.0 - cosine))
        fresnel = _F0 + (1.0 - _F0) * grazing
        share = np.where(metal > 0.0, np.maximum(fresnel, _METAL_F0), fresnel * shine)
        glare = self._highlight(mirror, shine) * (sunlight > 0.0)
        gloss: Floats = (share * (patch.owner > FLOOR)) * self._sky.light(mirror) + glare * self._key
        return gloss

    def _highlight(self, mirror: Floats, shine: Floats) -> Floats:
        """Phong's lobe, narrow where the surface shines and wide where it does not."""
        towards = np.square(np.maximum(dot(self._sun, mirror), 0.0))
        wide = towards * towards * towards
        narrow = np.square(np.square(np.square(wide)))
        lobe: Floats = shine * (0.06 * wide + 0.8 * shine * narrow)
        return lobe

    def _ambient(self, patch: Patch) -> Floats:
        """Light of sky and floor, less what the things nearby hide (each taken as a ball)."""
        palette = self.scene.palette
        up = 0.5 + 0.5 * patch.normals[2]
        above = np.multiply(0.5, np.add(palette.zenith, palette.horizon))
        below = np.multiply(_BOUNCE, palette.floor)
        light: Floats = column(below) + up * column(above - below)
        return light * self._openness(patch.points, patch.normals)

    def _openness(self, points: Floats, normals: Floats) -> Floats:
        openness = np.ones(points.shape[1], np.float32)
        for thing in self.scene.things:
            offset = column(thing.position) - points
            squared = dot(offset, offset)
            radius = np.float32(thing.girth)
            cosine = np.maximum(dot(offset, normals), 0.0) / np.sqrt(squared)
            hidden = cosine * np.minimum(radius * radius / squared, 1.0)
            openness *= 1.0 - 0.75 * hidden
        return openness

    def _add_mirror_image(self, light: Floats, hits: Hits, u: Floats, v: Floats, directions: Floats) -> None:
        """What the floor mirrors of the things, more at grazing angles."""
        floor = np.flatnonzero((hits.owner == FLOOR) & (hits.depth < _FOG * self.scene.distance))
        image = cast(self.scene, u[floor], v[floor], mirrored=True)
        found = np.flatnonzero(image.owner != SKY)
        rays = floor[found]
        patch = Patch.of(image, found, directions[:, rays] * column([1.0, 1.0, -1.0]))
        unshadowed = np.maximum(dot(self._sun, patch.normals), 0.0)
        grazing = 1.0 + directions[2, rays]
        share = self.scene.palette.gloss * (0.12 + 0.6 * grazing * grazing * grazing)
        light[:, rays] += share * (self._lit(patch, unshadowed) - light[:, rays])
