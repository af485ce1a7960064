"""Titles: where the ink is, what it says, and how well it can be read."""

import numpy as np
import pytest

from media_gen.visual.colour import contrast
from media_gen.visual.key_art import KeyArt
from media_gen.visual.lettering import legible_text, set_title
from media_gen.visual.masks import decode_rle
from media_gen.visual.palette import TONES
from sim.seeds import rng_for
from tests.media_gen.visual.conftest import Picture

LONG = "A Very Long Title About The Quiet River That Runs Beyond The Last Town Of The Plain"


def drawn(**parameters: object) -> Picture:
    art = KeyArt.model_validate({"width": 160, "height": 160, "objects": 4, **parameters})
    return Picture(art.render(rng=rng_for(2, "title")))


def linear(pixels: np.ndarray) -> np.ndarray:
    share = pixels / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("tone", TONES)
def test_ink_is_where_the_truth_says_and_readable(tone: str) -> None:
    """The letters' and the ground's luminance are measured in the picture itself."""
    picture = drawn(title="Seven Small Engines", tone=tone)
    title = picture.annotations["title"]
    ink, pixels = decode_rle(title["segmentation"]), picture.pixels("image")
    colour = [int(title["colour"][i : i + 2], 16) for i in (1, 3, 5)]
    full = ink & np.roll(ink, 1, 1) & np.roll(ink, -1, 1) & np.roll(ink, 1, 0) & np.roll(ink, -1, 0)
    assert np.median(pixels[full if full.any() else ink], axis=0) == pytest.approx(colour, abs=4)
    x, y, w, h = title["bbox"]
    around = np.zeros(ink.shape, bool)
    around[y : y + h, x : x + w] = True
    luminance = linear(pixels) @ [0.2126, 0.7152, 0.0722]
    ground = np.median(luminance[around & ~np.roll(ink, 1, 1) & ~np.roll(ink, -1, 1) & ~ink])
    assert contrast(float(ground), float(linear(np.array(colour)) @ [0.2126, 0.7152, 0.0722])) >= 4.3
    assert title["contrast"] >= 4.5


@pytest.mark.parametrize("text", ["Ember", "Low Tide", LONG, "Incomprehensibilities"])
def test_lines_fit_the_picture_and_say_the_whole_title(text: str) -> None:
    setting = set_title(text, 200, 150, share=0.24)
    assert " ".join(line.text for line in setting.lines) == text
    rows, columns = np.nonzero(setting.ink)
    assert rows.min() >= 150 * 0.74
    assert columns.min() > 0
    assert columns.max() < 199
    lefts, tops, widths, heights = np.array([line.box for line in setting.lines]).T
    assert (lefts.min(), tops.min()) == (columns.min(), rows.min())
    assert ((lefts + widths).max(), (tops + heights).max()) == (columns.max() + 1, rows.max() + 1)


def test_short_titles_are_set_larger() -> None:
    sizes = [set_title(text, 256, 256, share=0.24).size for text in ("Ember", "Seven Small Engines", LONG)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] >= 8


def test_characters_that_the_typeface_lacks_are_told() -> None:
    assert legible_text("Crème  brûlée Ａ") == ("Creme brulee A", [])
    text, missing = legible_text("Tide 潮")
    assert text == "Tide 潮"
    assert missing == ["潮"]
    title = drawn(title="Été 潮").annotations["title"]
    assert (title["text"], title["drawn"], title["missing_characters"]) == ("Été 潮", "Ete 潮", ["潮"])


def test_no_title_no_ink() -> None:
    for empty in ("", "   "):
        assert drawn(title=empty).annotations["title"] is None
