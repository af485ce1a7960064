"""Colour against the definitions of sRGB, OKLCH and WCAG."""

import numpy as np
import pytest

from media_gen.visual.colour import contrast, encode, from_oklch, luminance, to_hex
from media_gen.visual.palette import HARMONIES, TONES, mix_palette
from sim.seeds import rng_for


def test_oklch_of_known_colours() -> None:
    """Lightness, chroma and hue of sRGB's red, green and blue, as CSS Color 4 converts them."""
    assert from_oklch(1, 0, 0) == pytest.approx((1, 1, 1), abs=0.001)
    assert from_oklch(0.62796, 0.25768, 29.234) == pytest.approx((1, 0, 0), abs=0.002)
    assert from_oklch(0.86644, 0.29483, 142.495) == pytest.approx((0, 1, 0), abs=0.002)
    assert from_oklch(0.45201, 0.31321, 264.052) == pytest.approx((0, 0, 1), abs=0.002)


def test_contrast_of_black_and_white() -> None:
    white, grey = luminance((1.0, 1.0, 1.0)), luminance((0.2158605,) * 3)
    assert contrast(white, 0.0) == pytest.approx(21)
    assert contrast(0.0, white) == pytest.approx(21)
    assert contrast(grey, grey) == 1
    assert to_hex((0.2158605,) * 3) == "#808080"


def test_encoding_is_srgb_within_the_dither() -> None:
    light = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(1, 64, 64).repeat(3, axis=0)
    exact = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    pixels = encode(light).transpose(2, 0, 1)
    assert np.abs(pixels - exact).max() < 1.1
    assert np.abs((pixels - exact).mean()) < 0.05, "the dither is fair"
    assert pixels.min() == 0
    assert pixels.max() == 255


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("harmony", HARMONIES)
def test_accents_stand_out_from_the_floor(tone: str, harmony: str) -> None:
    """The first two accents, of the plinth and the hero, are clearly not the floor's colour."""
    palette = mix_palette(tone, harmony, 200.0, rng=rng_for(1, tone, harmony))
    for accent in palette.accents[:2]:
        assert np.abs(np.subtract(accent, palette.floor)).max() > 0.05
    parts = (palette.zenith, palette.horizon, palette.halo, palette.floor, *palette.accents)
    assert all(0 <= channel <= 1 for part in parts for channel in part)
