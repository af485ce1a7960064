"""Ground truth after marker and distortions agrees with the changed picture and sound, and nothing changes without."""

import io
from typing import Any

import numpy as np
import pytest
from mido import MidiFile

from media_gen import studio
from media_gen.distortions.sound import Sound
from media_gen.markers import read_audio, read_image
from media_gen.music.song import Song
from media_gen.rendition import Rendition
from media_gen.spec import MediaSpec
from media_gen.visual.key_art import KeyArt
from media_gen.visual.masks import box_of, decode_rle
from media_gen.voice.utterance import Utterance
from sim.durations import HOUR
from sim.seeds import rng_for
from sim.testing import tiny_scenario
from tests.media_gen.visual.conftest import Picture
from tests.media_gen.visual.test_truth import in_box
from tests.media_gen.voice.listening import pitch_at
from tests.sim.chronicle import Chronicle

CHAINS: list[list[dict[str, Any]]] = [
    [{"kind": "crop", "strength": 0.5}],
    [{"kind": "flip", "strength": 1}],
    [{"kind": "resize", "strength": 0.3}],
    [{"kind": "rotate", "strength": 0.7}],
    [{"kind": "rotate", "strength": 0.4}, {"kind": "flip", "strength": 1}, {"kind": "crop", "strength": 0.4}],
]


def art(**parameters: Any) -> Rendition:
    given = {"title": "Low Tide", "width": 160, "height": 128, "objects": 6, "samples": 1, **parameters}
    return KeyArt.model_validate(given).render(rng=rng_for(4, "art"))


def speech(**parameters: Any) -> Rendition:
    text = "The new season starts tonight."
    return Utterance.model_validate({"text": text, "voice": 3, **parameters}).render(rng=rng_for(4, "said"))


def song(**parameters: Any) -> Rendition:
    given = {"seconds": 6, "genre": "rock", **parameters}
    return Song.model_validate(given).render(rng=rng_for(4, "song"))


@pytest.mark.parametrize("make", [art, speech, song])
def test_neither_marker_nor_distortion_changes_nothing(make: Any) -> None:
    assert make(marker=None, distortions=()) == make()
    assert "marker" not in make().annotations


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: "-".join(one["kind"] for one in chain))
def test_picture_truth_moves_along(chain: list[dict[str, Any]]) -> None:
    picture = Picture(art(distortions=chain, marker=77))
    camera = picture.annotations["camera"]
    for role in ("image", "depth", "range", "instance", "semantic", "normals"):
        assert picture.pixels(role).shape[:2] == (camera["height"], camera["width"])
    ids = picture.pixels("instance")
    seen = 0
    for thing in picture.objects:
        mask = decode_rle(thing["segmentation"])
        assert (mask == (ids == thing["id"])).all()
        assert thing["area"] == mask.sum()
        assert thing["bbox"] == box_of(np.flatnonzero(mask), camera["width"])
        if thing["area"]:
            # K, pose, depth and boxes in the world still speak of the same points; nearest pixels are off by a half.
            beyond = np.abs(in_box(picture, thing)) - np.array(thing["box3d"]["extents"]) / 2
            assert np.quantile(beyond.max(axis=1), 0.95) < 0.06
            seen += 1
    assert seen >= 3
    cut = any(one["kind"] in ("crop", "rotate") for one in chain)
    assert ("occlusion" in picture.annotations["invalid"]) == cut
    assert all((thing["occlusion"] is None) == cut for thing in picture.objects)


def test_the_title_is_where_its_box_says() -> None:
    for chain in CHAINS[:3]:
        picture = Picture(art(distortions=chain))
        truth = picture.annotations["title"]
        ink = decode_rle(truth["segmentation"])
        x, y, w, h = truth["bbox"]
        assert ink[y : y + h, x : x + w].sum() == ink.sum() > 50
        light = picture.pixels("image")[..., :3].astype(float).mean(axis=2)
        around = np.zeros_like(ink)
        around[y : y + h, x : x + w] = True
        assert abs(light[ink].mean() - light[around & ~ink].mean()) > 40


def test_a_marker_is_told_and_where_it_is() -> None:
    rendition = art(marker=4711, distortions=CHAINS[1], width=256, height=256)
    marker = rendition.annotations["marker"]
    assert (marker["code"], marker["decodes"]) == (4711, True)
    assert read_image(rendition.file("image").data) == 4711
    pixels = Picture(rendition).pixels("image")
    for x, y, w, h in marker["boxes"]:
        assert pixels[y : y + h, x : x + w].std() > 80
    told = rendition.annotations["distortions"]
    assert told == [
        {"kind": "flip", "strength": 1.0, "magnitude": 1.0, "unit": "1 if mirrored left to right"}
    ]


def test_a_marker_that_is_lost_is_told() -> None:
    lost = art(marker=4711, distortions=[{"kind": "blur", "strength": 1}, {"kind": "resize", "strength": 1}])
    assert lost.annotations["marker"]["decodes"] is False
    assert read_image(lost.file("image").data) is None


@pytest.mark.parametrize(("kind", "strength"), [("speed", 0.8), ("pitch", 0.75)])
def test_speech_truth_goes_with_the_sound(kind: str, strength: float) -> None:
    plain, changed = speech(), speech(distortions=[{"kind": kind, "strength": strength}])
    truth, sound = changed.annotations, Sound.of_wav(changed.file("audio").data)
    tempo = 1.2 if kind == "speed" else 1.0
    assert (
        len(sound.samples) == truth["samples"] == pytest.approx(plain.annotations["samples"] / tempo, abs=2)
    )
    assert truth["duration"] == pytest.approx(len(sound.samples) / sound.rate, abs=0.001)
    assert truth["words"][-1]["end"] == pytest.approx(plain.annotations["words"][-1]["end"] / tempo, abs=1e-5)
    heard = []
    for number, hertz in enumerate(truth["f0"]["hz"]):
        around = truth["f0"]["hz"][max(number - 3, 0) : number + 4]
        if min(around) > 0 and max(around) < 1.03 * min(around):
            time = number * truth["f0"]["step"]
            heard.append(pitch_at(sound.samples[:, 0], time, hertz) / hertz)
    assert len(heard) > 10
    assert np.median(heard) == pytest.approx(1, abs=0.02)
    assert f"xmax = {truth['duration']}" in changed.file("alignment").data.decode().replace("00\n", "\n")
    assert "energy" in truth["invalid"]


def test_song_truth_goes_with_the_sound() -> None:
    plain, faster = song(), song(distortions=[{"kind": "speed", "strength": 1}])
    sound = Sound.of_wav(faster.file("audio").data)
    truth = faster.annotations
    assert truth["duration"] == pytest.approx(len(sound.samples) / sound.rate, abs=0.001)
    assert truth["tempo"] == pytest.approx(1.25 * plain.annotations["tempo"], abs=0.01)
    for before, after in zip(plain.annotations["beats"], truth["beats"], strict=True):
        assert after["time"] == pytest.approx(before["time"] / 1.25, abs=1e-5)
    ends = [note["end"] for notes in truth["notes"].values() for note in notes]
    assert max(ends) < truth["duration"]
    lengths = [MidiFile(file=io.BytesIO(one.file("midi").data)).length for one in (plain, faster)]
    assert lengths[1] == pytest.approx(lengths[0] / 1.25, rel=0.001)
    assert {"key", "chords", "midi"} <= set(truth["invalid"])
    lead = next(stem for stem in truth["notes"] if stem != "drums")
    shift = truth["notes"][lead][0]["pitch"] - plain.annotations["notes"][lead][0]["pitch"]
    assert shift == pytest.approx(12 * np.log2(1.25), abs=1e-3)


@pytest.mark.parametrize("make", [speech, song])
def test_a_marker_in_sound_is_told(make: Any) -> None:
    rendition = make(marker=40_503, distortions=[{"kind": "codec", "strength": 0.5}])
    marker = rendition.annotations["marker"]
    assert (marker["code"], marker["decodes"]) == (40_503, True)
    assert read_audio(rendition.file("audio").data) == 40_503
    assert marker["seconds"][1] == pytest.approx(rendition.annotations["duration"], abs=0.001)


@pytest.mark.parametrize("make", [art, speech, song])
def test_bad_parameters_are_explained(make: Any) -> None:
    with pytest.raises(ValueError, match="less than or equal to 65535"):
        make(marker=65_536)
    with pytest.raises(ValueError, match=r"unknown .*distortion 'nois'.*Did you mean 'noise'"):
        make(distortions=[{"kind": "nois"}])


def test_media_rules_of_a_scenario_ask_for_markers_and_distortions() -> None:
    small = {"width": 96, "height": 96, "objects": 3, "samples": 1, "title": "$title"}
    faded = {"marker": 513, "distortions": [{"kind": "recompress", "strength": 0.6}, {"kind": "flip"}]}
    rule = {"topic": "catalog", "kinds": ["listed"], "generator": "key_art", "params": {**small, **faded}}
    told = Chronicle.of(tiny_scenario(media=[rule]), HOUR // 12)
    specs = [one for media in told.kind("catalog", "listed")["media"].to_list()[:2] for one in media]
    assert len(specs) == 2
    for given in specs:
        rendition = studio.render(MediaSpec.model_validate({**given, "params": {**small, **faded}}))
        assert read_image(rendition.file("image").data) == 513
        assert rendition.annotations["marker"]["decodes"]
        assert [one["kind"] for one in rendition.annotations["distortions"]] == ["recompress", "flip"]
