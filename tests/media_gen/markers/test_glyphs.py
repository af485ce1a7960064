"""Visual markers: read wherever people would still call it the same picture, and never where there is none."""

import io

import numpy as np
import pytest
from PIL import Image

from media_gen.distortions.distortion import IMAGE_DISTORTIONS
from media_gen.distortions.treatment import treated_picture
from media_gen.markers import read_image
from media_gen.markers.glyph import draw_glyphs
from media_gen.markers.glyph_reading import read_pixels
from media_gen.visual.key_art import KeyArt
from sim.seeds import rng_for

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
SURVIVED = {
    "blur": 0.5, "colour": 1.0, "crop": 1.0, "flip": 1.0, "noise": 1.0, "overlay": 0.0, "recompress": 1.0,
    "resize": 0.5, "rotate": 1.0,
}  # fmt: skip
"""Up to which strength every marker must be read, by distortion."""
SIZES = ((256, 256), (192, 288), (320, 200), (160, 160))
GENRES = ("drama", "fantasy", "animation", "documentary", "western", "noir")


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def code(number: int) -> int:
    return 40_503 * (number + 1) % 65_536


@pytest.fixture(scope="module")
def art() -> list[Image.Image]:
    made = []
    for number in range(6):
        width, height = SIZES[number % 4]
        parameters = {"title": "Low Tide", "genre": GENRES[number % 6], "width": width, "height": height}
        one = KeyArt.model_validate({**parameters, "samples": 1, "objects": 6})
        data = one.render(rng=rng_for(number, "art")).file("image").data
        made.append(Image.open(io.BytesIO(data)).convert("RGB"))
    return made


@pytest.fixture(scope="module")
def read(art: list[Image.Image]) -> dict[str, list[list[int | None]]]:
    """What was read, by distortion, strength and picture."""
    marked = [draw_glyphs(one, code(number))[0] for number, one in enumerate(art)]
    found: dict[str, list[list[int | None]]] = {}
    for kind in sorted(IMAGE_DISTORTIONS.classes()):
        ladder = [IMAGE_DISTORTIONS.parse({"kind": kind, "strength": strength}) for strength in STRENGTHS]
        found[kind] = [
            [read_pixels(step.apply(one, rng=rng_for(number, kind))) for number, one in enumerate(marked)]
            for step in ladder
        ]
    return found


def test_every_code_is_read_where_it_was_drawn(art: list[Image.Image]) -> None:
    for number, one in enumerate(art):
        marked, boxes = draw_glyphs(one, code(number))
        assert read_image(png(marked)) == code(number)
        pixels = np.asarray(marked)
        for x, y, w, h in boxes:
            assert pixels[y : y + h, x : x + w].std() > 80
            alone = Image.new("RGB", one.size, (128, 128, 128))
            alone.paste(marked.crop((x, y, x + w, y + h)), (x, y))
            assert read_pixels(alone) == code(number), "each glyph is read by itself"


def test_codes_of_all_sorts_are_read() -> None:
    ground = Image.new("RGB", (160, 160), (90, 120, 150))
    for one in (0, 1, 255, 256, 32_768, 65_535, *range(1_000, 65_000, 4_001)):
        assert read_pixels(draw_glyphs(ground, one)[0]) == one


def test_pictures_without_a_marker_have_none(art: list[Image.Image]) -> None:
    for one in art:
        assert read_image(png(one)) is None
        for kind in ("noise", "recompress", "resize"):
            harsh = IMAGE_DISTORTIONS.parse({"kind": kind, "strength": 1.0})
            assert read_pixels(harsh.apply(one, rng=rng_for(1, kind))) is None
    rng = rng_for(1, "static")
    for _ in range(5):
        static = Image.fromarray(rng.integers(0, 256, (96, 96, 3)).astype(np.uint8))
        assert read_pixels(static) is None
        assert read_pixels(static.resize((400, 400), Image.Resampling.NEAREST)) is None


@pytest.mark.parametrize("kind", sorted(SURVIVED))
def test_a_marker_is_read_after_a_distortion(read: dict[str, list[list[int | None]]], kind: str) -> None:
    for strength, found in zip(STRENGTHS, read[kind], strict=True):
        if strength <= SURVIVED[kind]:
            assert found == [code(number) for number in range(len(found))], strength


def test_a_marker_is_never_read_as_another(read: dict[str, list[list[int | None]]]) -> None:
    for ladder in read.values():
        for found in ladder:
            assert all(one in (None, code(number)) for number, one in enumerate(found))


def test_where_reading_stops_is_told(
    read: dict[str, list[list[int | None]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(read) == set(SURVIVED) == set(IMAGE_DISTORTIONS.classes())
    with capsys.disabled():
        print("\nvisual markers read, by strength " + " ".join(f"{strength:5.2f}" for strength in STRENGTHS))
        for kind, ladder in read.items():
            shares = [np.mean([one is not None for one in found]) for found in ladder]
            print(f"{kind:32s} " + " ".join(f"{share:5.2f}" for share in shares))


def test_chains_of_distortions_are_survived(art: list[Image.Image]) -> None:
    chain = [
        IMAGE_DISTORTIONS.parse({"kind": kind, "strength": strength})
        for kind, strength in (
            ("rotate", 0.4),
            ("flip", 1),
            ("crop", 0.4),
            ("recompress", 0.8),
            ("colour", 0.5),
        )
    ]
    for number, one in enumerate(art):
        treated = treated_picture(one, marker=code(number), distortions=chain, rng=rng_for(number, "chain"))
        assert treated.told["marker"]["decodes"]
        assert read_image(png(treated.picture)) == code(number)


def test_what_is_stuck_on_a_marker_is_moved_elsewhere(art: list[Image.Image]) -> None:
    patch = IMAGE_DISTORTIONS.parse({"kind": "overlay", "strength": 0.25})
    drawn = [
        treated_picture(one, marker=code(number), distortions=[patch], rng=rng_for(seed, number))
        for number, one in enumerate(art)
        for seed in range(3)
    ]
    assert all(one.told["marker"]["decodes"] for one in drawn)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_marker_is_read_from_any_side(art: list[Image.Image], turn: int) -> None:
    marked, _ = draw_glyphs(art[0], 4711)
    assert read_pixels(marked.rotate(turn, expand=True)) == 4711


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        read_image(b"no picture")
