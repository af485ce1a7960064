import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from pydantic import ValidationError

from media_gen.music.song import Song
from media_gen.music.style import STYLES
from media_gen.spec import MediaSpec
from media_gen.studio import render
from sim.seeds import rng_for
from tests.media_gen.music import listening

SHORT = {"seconds": 6.0}


def rendered(seed=1, **params):
    return Song(**(SHORT | params)).render(rng=rng_for(seed, "song"))


def test_audio_comes_first_and_stems_only_when_asked_for():
    assert [file.role for file in rendered().files] == ["audio", "midi"]
    roles = [file.role for file in rendered(stems=True).files]
    assert roles == ["audio", "midi", "stem.lead", "stem.keys", "stem.pad", "stem.bass", "stem.drums"]


def test_stems_do_not_change_the_mix():
    assert rendered().file("audio").sha256 == rendered(stems=True).file("audio").sha256


def test_stereo_sides_differ_and_hold_the_same_piece():
    mono, stereo = rendered(), rendered(stereo=True)
    sides, _ = listening.samples(stereo.file("audio").data)
    assert sides.shape == (6 * listening.RATE, 2)
    assert not np.array_equal(sides[:, 0], sides[:, 1])
    assert mono.annotations["notes"] == stereo.annotations["notes"]
    assert mono.file("midi").data == stereo.file("midi").data


@pytest.mark.parametrize("genre", sorted(STYLES.classes()))
@pytest.mark.parametrize("seconds", [5, 7.25, 13])
def test_every_style_fills_short_lengths(genre, seconds):
    rendition = rendered(genre=genre, seconds=seconds)
    sound, rate = listening.samples(rendition.file("audio").data)
    assert len(sound) == round(seconds * rate)
    assert np.abs(sound).max() < 0.9
    assert rendition.annotations["chords"][-1]["roman"][0] in "Ii"


def test_annotations_are_finite_json():
    annotations = rendered().annotations
    assert json.loads(json.dumps(annotations, allow_nan=False)) == annotations


def test_asked_for_is_given():
    truth = rendered(tempo=100, key="D#", mode="major", title="Ebbe & Flüt ☂", seconds=9).annotations
    assert (truth["tempo"], truth["key"], truth["title"]) == (100, "Eb:major", "Ebbe & Flüt ☂")
    assert truth["beats"][1]["time"] == 0.6


def test_seeds_differ_and_repeat():
    assert rendered(1).file("midi").data != rendered(2).file("midi").data
    assert [file.sha256 for file in rendered(1).files] == [file.sha256 for file in rendered(1).files]


def test_same_bytes_in_another_process():
    spec = MediaSpec(kind="song", params={"genre": "rock", "seconds": 8}, seed=11)
    program = (
        "import json, sys; from media_gen.spec import MediaSpec; from media_gen.studio import render\n"
        "rendition = render(MediaSpec(**json.loads(sys.argv[1])))\n"
        "print(json.dumps([[f.sha256 for f in rendition.files], rendition.annotations]))"
    )
    command = [sys.executable, "-c", program, spec.model_dump_json()]
    answers = {subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2)}
    here = render(spec)
    assert [json.loads(answer) for answer in answers] == [
        [[file.sha256 for file in here.files], here.annotations]
    ]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"genre": "walz"}, "Did you mean 'waltz'"),
        ({"seconds": 4}, "greater than or equal to 5"),
        ({"seconds": float("nan")}, "finite"),
        ({"tempo": 400}, "less than or equal to 220"),
        ({"key": "H"}, "'Bb'"),
        ({"mode": "dorian"}, "'major' or 'minor'"),
        ({"title": ""}, "at least 1 character"),
        ({"loudness": 3}, "Extra inputs"),
        ({"seconds": 5, "tempo": 40}, "faster tempo, more seconds"),
    ],
)
def test_bad_params_are_named(params, told):
    with pytest.raises(ValidationError) as error:
        Song(**params)
    assert told in str(error.value)


def test_a_generator_is_a_value():
    song = Song(genre="folk", seconds=7)
    assert pickle.loads(pickle.dumps(song)) == song
    with pytest.raises(ValidationError):
        song.seconds = 8


def test_every_field_says_what_it_is():
    fields = {name: field for name, field in Song.model_fields.items() if name != "kind"}
    assert all(field.description for field in fields.values())
