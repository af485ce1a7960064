"""What a genre looks like: tone, harmony, hue, composition and the shapes that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from media_gen.visual.composition import COMPOSITIONS
from media_gen.visual.palette import HARMONIES, TONES
from media_gen.visual.shapes import SHAPES
from sim.seeds import rng_for

__all__ = ["GENRES", "Look", "look_of"]


@dataclass(frozen=True)
class Look:
    """The visual habits of a genre; ``hue`` in OKLCH degrees."""

    tone: str
    harmony: str
    hue: float
    composition: str
    shapes: tuple[str, ...]


_LOOKS = {
    "action": ("dusk", "complementary", 45.0, "skyline", "block crystal prism cone rock"),
    "ambient": ("pastel", "analogous", 230.0, "orbit", "ball ring capsule"),
    "animation": ("day", "triadic", 220.0, "scatter", "ball capsule cone ring block gem"),
    "classical": ("dusk", "analogous", 70.0, "stage", "cylinder ball cone ring"),
    "comedy": ("day", "triadic", 95.0, "scatter", "ball ring capsule cone block"),
    "crime": ("noir", "complementary", 250.0, "skyline", "block prism cylinder"),
    "documentary": ("day", "analogous", 150.0, "stage", "rock ball cylinder crystal"),
    "drama": ("dusk", "split", 30.0, "stage", "ball block cylinder ring cone"),
    "electronic": ("neon", "complementary", 300.0, "orbit", "ring gem ball prism"),
    "fantasy": ("night", "split", 285.0, "arch", "crystal gem rock ball pyramid"),
    "hip hop": ("neon", "split", 60.0, "totem", "block ring cylinder ball"),
    "horror": ("noir", "complementary", 20.0, "arch", "rock crystal cone pyramid"),
    "jazz": ("night", "complementary", 265.0, "totem", "cylinder ring capsule ball"),
    "kids": ("pastel", "triadic", 200.0, "totem", "ball block cone ring capsule cylinder"),
    "pop": ("pastel", "triadic", 350.0, "stage", "ball ring capsule gem cone"),
    "rock": ("noir", "split", 15.0, "arch", "rock pyramid prism crystal"),
    "romance": ("pastel", "analogous", 10.0, "orbit", "ball ring capsule gem"),
    "science fiction": ("neon", "analogous", 265.0, "orbit", "ball ring crystal gem"),
    "thriller": ("night", "complementary", 210.0, "skyline", "block prism pyramid crystal"),
    "western": ("dusk", "analogous", 55.0, "skyline", "rock block cone cylinder"),
}

GENRES: Mapping[str, Look] = MappingProxyType(
    {
        genre: Look(tone, harmony, hue, composition, tuple(shapes.split()))
        for genre, (tone, harmony, hue, composition, shapes) in _LOOKS.items()
    }
)
"""Well-known genres; any other name has a look of its own, always the same."""


def look_of(genre: str) -> Look:
    """The look of a genre by its name, in any case, with spaces, hyphens or underscores.

    >>> look_of("Science-Fiction").tone
    'neon'
    """
    name = " ".join(genre.casefold().replace("-", " ").replace("_", " ").split())
    return GENRES[name] if name in GENRES else _own_look(rng_for(0, "look", name))


def _own_look(rng: np.random.Generator) -> Look:
    shapes = rng.choice(sorted(SHAPES), size=5, replace=False)
    return Look(
        tone=str(rng.choice(sorted(TONES))),
        harmony=str(rng.choice(sorted(HARMONIES))),
        hue=float(rng.uniform(0, 360)),
        composition=str(rng.choice(sorted(COMPOSITIONS))),
        shapes=tuple(shapes.tolist()),
    )
