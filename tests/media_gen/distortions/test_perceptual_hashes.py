"""Perceptual hashes that nobody here wrote: what each distortion does to them, beside what is known of PDQ."""

import io

import imagehash
import numpy as np
import pytest
from PIL import Image

from media_gen.distortions.distortion import IMAGE_DISTORTIONS
from media_gen.visual.key_art import KeyArt
from sim.catalog.titles import title
from sim.seeds import digest64, rng_for

GENRES = ("drama", "fantasy", "animation", "documentary", "western", "noir", "science fiction", "comedy")
COMPOSITIONS = ("stage", "scatter", "skyline", "totem", "orbit", "arch")
STRENGTHS = (0.1, 0.25, 0.5, 1.0)
MATCH = 10
"""Bits of 64 in which a copy may differ."""
KNOWN = {
    "blur": 1.0, "noise": 1.0, "recompress": 1.0, "resize": 1.0, "flip": 0.0, "rotate": 0.0, "crop": 0.0,
}  # fmt: skip
"""Recall at full strength; PDQ's at 31 of 256 is the same for each of these."""


@pytest.fixture(scope="module")
def art() -> list[Image.Image]:
    made = []
    for number in range(24):
        one = KeyArt(
            title=title(digest64("hashed", number)) if number % 2 else "",
            genre=GENRES[number % 8],
            composition=COMPOSITIONS[number % 6],
            width=128,
            height=128,
            samples=1,
        )
        data = one.render(rng=rng_for(number, "hashed")).file("image").data
        made.append(Image.open(io.BytesIO(data)).convert("RGB"))
    return made


@pytest.fixture(scope="module")
def recall(art: list[Image.Image]) -> dict[str, list[float]]:
    hashes = [imagehash.phash(one) for one in art]
    found: dict[str, list[float]] = {}
    for kind in sorted(IMAGE_DISTORTIONS.classes()):
        found[kind] = []
        for strength in STRENGTHS:
            step = IMAGE_DISTORTIONS.parse({"kind": kind, "strength": strength})
            again = [imagehash.phash(step.apply(one, rng=rng_for(n, kind))) for n, one in enumerate(art)]
            near = [after - before <= MATCH for before, after in zip(hashes, again, strict=True)]
            found[kind].append(float(np.mean(near)))
    return found


def test_recall_is_told(recall: dict[str, list[float]], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\npHash-64 recall at 10 bits, by strength " + " ".join(f"{s:5.2f}" for s in STRENGTHS))
        for kind, shares in recall.items():
            print(f"{kind:39s} " + " ".join(f"{share:5.2f}" for share in shares))
    assert set(recall) == set(IMAGE_DISTORTIONS.classes())


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_full_strength_does_what_is_known(recall: dict[str, list[float]], kind: str) -> None:
    assert recall[kind][-1] == pytest.approx(KNOWN[kind], abs=0.1)


@pytest.mark.parametrize("kind", ["crop", "rotate"])
def test_strengths_lie_on_both_sides_of_the_cliff(recall: dict[str, list[float]], kind: str) -> None:
    assert recall[kind][0] >= 0.85
    assert recall[kind][-1] <= 0.1


def test_overlays_break_it_step_by_step(recall: dict[str, list[float]]) -> None:
    assert recall["overlay"][0] > recall["overlay"][2] >= recall["overlay"][3]
    assert recall["overlay"][-1] <= 0.1


def test_unrelated_pictures_never_match(art: list[Image.Image]) -> None:
    hashes = [imagehash.phash(one) for one in art]
    assert min(a - b for n, a in enumerate(hashes) for b in hashes[:n]) > MATCH


def test_pdq_finds_and_loses_what_is_known(art: list[Image.Image]) -> None:
    pdqhash = pytest.importorskip("pdqhash", reason="pdqhash has no wheels; it needs a compiler")

    def bits(one: Image.Image) -> np.ndarray:
        return np.asarray(pdqhash.compute(np.asarray(one.resize((512, 512))))[0])

    def found(kind: str, strength: float) -> float:
        step = IMAGE_DISTORTIONS.parse({"kind": kind, "strength": strength})
        after = [bits(step.apply(one, rng=rng_for(n, kind))) for n, one in enumerate(art)]
        return float(np.mean([(a != b).sum() <= 31 for a, b in zip(clean, after, strict=True)]))

    clean = [bits(one) for one in art]
    assert min((a != b).sum() for n, a in enumerate(clean) for b in clean[:n]) > 31
    assert min(found(kind, 1.0) for kind in ("blur", "noise", "recompress", "resize")) >= 0.9
    assert max(found(kind, 1.0) for kind in ("flip", "rotate", "crop")) == 0
