"""Palettes: a few colours that belong together, from a tone and a harmony of hues."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from media_gen.visual.colour import RGB, from_oklch

__all__ = ["HARMONIES", "TONES", "Palette", "Tone"]


@dataclass(frozen=True)
class Tone:
    """How light and strong a picture's colours are: OKLCH (lightness, chroma) of each part, and lights."""

    zenith: tuple[float, float]
    horizon: tuple[float, float]
    floor: tuple[float, float]
    accents: tuple[float, float]
    key: float
    sky: float
    gloss: float


@dataclass(frozen=True)
class Palette:
    """Linear RGB of a scene's parts; ``key`` and ``fill`` are light, the others surfaces or sky."""

    tone: str
    zenith: RGB
    horizon: RGB
    halo: RGB
    floor: RGB
    accents: tuple[RGB, ...]
    key: RGB
    fill: float
    gloss: float


TONES: Mapping[str, Tone] = MappingProxyType(
    {
        "day": Tone((0.66, 0.11), (0.93, 0.05), (0.88, 0.05), (0.66, 0.17), key=2.1, sky=0.75, gloss=0.0),
        "dusk": Tone((0.33, 0.11), (0.78, 0.14), (0.42, 0.08), (0.64, 0.15), key=2.3, sky=0.6, gloss=0.3),
        "neon": Tone((0.14, 0.06), (0.36, 0.19), (0.2, 0.06), (0.68, 0.24), key=1.7, sky=0.6, gloss=0.7),
        "night": Tone((0.17, 0.04), (0.44, 0.10), (0.3, 0.05), (0.66, 0.12), key=2.4, sky=0.5, gloss=0.5),
        "noir": Tone((0.12, 0.005), (0.5, 0.02), (0.3, 0.01), (0.6, 0.03), key=2.8, sky=0.4, gloss=0.4),
        "pastel": Tone((0.8, 0.08), (0.93, 0.05), (0.89, 0.05), (0.76, 0.14), key=1.7, sky=0.85, gloss=0.0),
    }
)

HARMONIES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "analogous": (0.0, 30.0, -30.0, 55.0, 180.0),
        "complementary": (0.0, 180.0, 15.0, 195.0, -15.0),
        "split": (0.0, 150.0, 210.0, 20.0, 170.0),
        "triadic": (0.0, 120.0, 240.0, 20.0, 140.0),
    }
)
"""Hue steps, in degrees from the sky's, of the accents."""


def mix_palette(tone_name: str, harmony: str, hue: float, *, rng: np.random.Generator) -> Palette:
    """A palette around one hue (degrees), with every part a little different from picture to picture."""
    tone = TONES[tone_name]
    hue += float(rng.uniform(-12, 12))
    accents = [
        from_oklch(
            tone.accents[0] + float(rng.uniform(-0.08, 0.1)),
            tone.accents[1] if tone_name != "noir" or i != 1 else 0.2,
            hue + 180 + step,
        )
        for i, step in enumerate(HARMONIES[harmony])
    ]
    warm = from_oklch(0.95, 0.06, 75.0 if tone_name != "neon" else hue + 120)
    return Palette(
        tone=tone_name,
        zenith=from_oklch(*tone.zenith, hue - 15),
        horizon=from_oklch(*tone.horizon, hue + 15),
        halo=from_oklch(min(tone.horizon[0] + 0.16, 0.98), tone.horizon[1], hue + 35),
        floor=from_oklch(*tone.floor, hue + 8),
        accents=(*accents, from_oklch(0.94, 0.02, hue)),
        key=(warm[0] * tone.key, warm[1] * tone.key, warm[2] * tone.key),
        fill=tone.sky,
        gloss=tone.gloss,
    )
