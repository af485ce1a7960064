"""Treatments: a marker put into media, and a chain of distortions after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from media_gen.distortions.distortion import AudioDistortion, Distortion, ImageDistortion
from media_gen.distortions.geometry import Geometry
from media_gen.distortions.sound import Sound
from media_gen.markers.glyph import draw_glyphs
from media_gen.markers.glyph_reading import read_pixels
from media_gen.markers.tones import HIGHEST, LOWEST, add_tones, read_samples
from sim.seeds import rng_for

__all__ = ["TreatedPicture", "TreatedSound", "treated_picture", "treated_sound"]

_DRAWS = 4
"""How often random distortions are drawn until the marker can be read."""


@dataclass(frozen=True)
class TreatedPicture:
    """A picture after its treatment, where its points went, and what annotations say."""

    picture: Image.Image
    moves: tuple[Geometry, ...]
    told: dict[str, Any]


@dataclass(frozen=True)
class TreatedSound:
    """A sound after its treatment, how its time and pitch changed, and what annotations say."""

    sound: Sound
    tempo: float
    transposition: float
    told: dict[str, Any]


def treated_picture(
    picture: Image.Image,
    *,
    marker: int | None,
    distortions: Sequence[ImageDistortion],
    rng: np.random.Generator,
) -> TreatedPicture:
    """The picture with its marker, distorted; what is random is drawn again if it makes the marker unreadable."""
    marked, boxes = (picture, []) if marker is None else draw_glyphs(picture, marker)
    seed = int(rng.integers(2**63))
    for draw in range(_DRAWS):
        result, moves = _distorted(marked, distortions, seed, draw)
        decodes = marker is not None and read_pixels(result) == marker
        if decodes or marker is None:
            break
    for move in moves:
        boxes = [kept for box in boxes if (kept := move.box(box)) is not None]
    told = _told(marker, distortions, decodes=decodes, where={"boxes": boxes})
    return TreatedPicture(result, tuple(moves), told)


def treated_sound(
    sound: Sound,
    *,
    marker: int | None,
    distortions: Sequence[AudioDistortion],
    rng: np.random.Generator,
) -> TreatedSound:
    """The sound with its marker, distorted."""
    seed = int(rng.integers(2**63))
    tempo, transposition = 1.0, 0.0
    if marker is not None:
        sound = Sound(add_tones(sound.samples, sound.rate, marker), sound.rate)
    for place, distortion in enumerate(distortions):
        sound = distortion.apply(sound, rng=rng_for(seed, "distortion", place))
        tempo, transposition = tempo * distortion.tempo, transposition + distortion.transposition
    decodes = marker is not None and read_samples(sound.samples, sound.rate) == marker
    shift = 2 ** (transposition / 12)
    band = [round(LOWEST * shift, 2), round(HIGHEST * shift, 2)]
    where = {"seconds": [0.0, round(len(sound.samples) / sound.rate, 6)], "hertz": band}
    return TreatedSound(sound, tempo, transposition, _told(marker, distortions, decodes=decodes, where=where))


def _distorted(
    picture: Image.Image, distortions: Sequence[ImageDistortion], seed: int, draw: int
) -> tuple[Image.Image, list[Geometry]]:
    moves = []
    for place, distortion in enumerate(distortions):
        move = distortion.geometry(*picture.size)
        picture = distortion.apply(picture, rng=rng_for(seed, "distortion", draw, place))
        moves += [] if move is None else [move]
    return picture, moves


def _told(
    marker: int | None, distortions: Sequence[Distortion], *, decodes: bool, where: dict[str, Any]
) -> dict[str, Any]:
    told: dict[str, Any] = {} if marker is None else {"marker": {"code": marker, "decodes": decodes, **where}}
    return told | ({"distortions": [one.told() for one in distortions]} if distortions else {})
