"""Key art as it is asked for: parameters, their errors, and the same bytes everywhere."""

import hashlib
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from media_gen.rendition import Rendition
from media_gen.visual.genres import GENRES, look_of
from media_gen.visual.key_art import KeyArt
from media_gen.visual.shapes import SHAPES
from sim.seeds import rng_for
from tests.media_gen.visual.conftest import Picture


def render(seed: int = 5, **parameters: object) -> Picture:
    small = {"width": 80, "height": 64, "objects": 4, "samples": 1}
    return Picture(KeyArt.model_validate(small | parameters).render(rng=rng_for(seed, "art")))


def digest(rendition: Rendition) -> str:
    parts = [file.sha256 for file in rendition.files]
    return hashlib.sha256(json.dumps([parts, rendition.annotations]).encode()).hexdigest()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"width": 31}, "greater than or equal to 32"),
        ({"width": 1025}, "less than or equal to 1024"),
        ({"width": 400, "height": 64}, "make the shorter side at least 100"),
        ({"objects": 0}, "greater than or equal to 1"),
        ({"field_of_view": 120}, "less than or equal to 90"),
        ({"shapes": ["bal"]}, "unknown shape 'bal'.*Did you mean 'ball'"),
        ({"tone": "neom"}, "unknown tone 'neom'.*Did you mean 'neon'"),
        ({"composition": "orbits"}, "unknown composition 'orbits'.*Did you mean 'orbit'"),
        ({"title": "a\x00b"}, "unprintable character"),
        ({"title": "x" * 121}, "at most 120 characters"),
    ],
)
def test_bad_parameters_are_explained(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        KeyArt.model_validate(parameters)


def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "from tests.media_gen.visual.test_key_art import digest, render\n"
        "print(digest(render(title='Low Tide', genre='fantasy', samples=3).rendition))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "1"}
    command, root = [sys.executable, "-c", program], Path(__file__).parents[3]
    run = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(render(title="Low Tide", genre="fantasy", samples=3).rendition)


def test_size_objects_and_shapes_are_as_asked() -> None:
    picture = render(width=96, height=48, objects=12, shapes=["ring", "gem"], composition="scatter")
    for role in ("image", "depth", "range", "instance", "semantic", "normals"):
        assert picture.pixels(role).shape[:2] == (48, 96)
    assert picture.pixels("depth").dtype == picture.pixels("instance").dtype == np.uint16
    assert len(picture.objects) == 12
    assert {thing["label"] for thing in picture.objects} == {"ring", "gem"}


def test_camera_is_as_asked() -> None:
    picture = render(field_of_view=60, azimuth=30, elevation=25, title="")
    focal = picture.intrinsics[0, 0]
    assert 2 * math.degrees(math.atan(80 / 2 / focal)) == pytest.approx(60, abs=1e-4)
    corners = np.concatenate([thing["box3d"]["corners"] for thing in picture.objects])
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    x, y, z = picture.pose[:3, 3] - middle
    assert math.degrees(math.atan2(z, math.hypot(x, y))) == pytest.approx(25, abs=0.01)
    assert math.degrees(math.atan2(x, -y)) == pytest.approx(30, abs=0.01)


def test_antialiasing_changes_the_picture_and_no_truth() -> None:
    rough, smooth = render(samples=1), render(samples=4)
    assert rough.rendition.files[0].data != smooth.rendition.files[0].data
    assert rough.rendition.files[1:] == smooth.rendition.files[1:]
    assert [t["bbox"] for t in rough.objects] == [t["bbox"] for t in smooth.objects]
    fine = render(samples=1, width=320, height=256).pixels("image").astype(float)
    averaged = fine.reshape(64, 4, 80, 4, 3).mean(axis=(1, 3))
    without_title = np.s_[:40]
    errors = [np.abs(p.pixels("image") - averaged)[without_title].mean() for p in (rough, smooth)]
    assert errors[1] < errors[0]


def test_every_genre_has_a_look_that_stays() -> None:
    assert look_of("Science_Fiction") is GENRES["science fiction"]
    assert look_of("yacht rock") == look_of("Yacht  Rock")
    assert look_of("yacht rock") != look_of("polka")
    assert {shape for look in GENRES.values() for shape in look.shapes} <= set(SHAPES)
    assert render(genre="yacht rock").annotations["look"]["tone"] == look_of("yacht rock").tone


def test_objects_do_not_stand_in_each_other() -> None:
    """Middles of balls are farther apart than their radii."""
    for composition in ("stage", "scatter", "orbit", "arch", "skyline", "totem"):
        things = render(shapes=["ball"], composition=composition, objects=20).objects
        balls = [thing for thing in things if thing["label"] == "ball"]
        places = np.array([np.array(ball["box3d"]["transform"])[:3, 3] for ball in balls])
        radii = np.array([ball["box3d"]["extents"][0] / 2 for ball in balls])
        gaps = np.linalg.norm(places[:, None] - places, axis=-1) - radii[:, None] - radii
        np.fill_diagonal(gaps, 1)
        assert gaps.min() > -1e-5, composition
