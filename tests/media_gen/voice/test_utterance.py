"""The utterance generator: its files, its truth and its errors."""

import json
import pickle
import subprocess
import sys
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError

from media_gen.rendition import Rendition
from media_gen.spec import MediaSpec
from media_gen.studio import render
from media_gen.voice.languages import LANGUAGES
from media_gen.voice.utterance import Utterance
from tests.media_gen.voice.listening import level_db, samples, spoken

TEXTS = {
    "en": "The doors will open at 7, but the concert starts at eight. Is it ready?",
    "es": "Las puertas se abrirán a las 7, pero el concierto empieza a las ocho. ¿Está listo?",
    "de": "Die Türen öffnen um 7, aber das Konzert beginnt um acht. Ist es fertig?",
    "fr": "Les portes ouvriront à 7 heures, mais le concert commence à huit heures. C'est prêt ?",
    "it": "Le porte apriranno alle 7, ma il concerto inizia alle otto. È pronto?",
    "pt": "As portas abrem às 7, mas o concerto começa às oito. Está pronto?",
    "tr": "Kapılar saat 7 olunca açılacak, ama konser sekizde başlıyor. Hazır mı?",
    "id": "Pintu akan dibuka pukul 7, tetapi konser dimulai pukul delapan. Sudah siap?",
    "sw": "Milango itafunguliwa saa 7, lakini tamasha linaanza saa mbili. Iko tayari?",
}


@pytest.fixture(scope="module", params=sorted(TEXTS))
def rendition(request: pytest.FixtureRequest) -> Rendition:
    return spoken(text=TEXTS[request.param], language=request.param, voice=5)


def test_every_offered_language_has_a_reader_and_a_text_here() -> None:
    offered = set(get_args(Utterance.model_fields["language"].annotation))
    assert offered == set(LANGUAGES) == set(TEXTS)


def test_the_audio_is_as_long_as_annotated(rendition: Rendition) -> None:
    audio = samples(rendition)
    assert rendition.files[0].media_type == "audio/wav"
    assert len(audio) == rendition.annotations["samples"]
    assert rendition.annotations["duration"] * 24_000 == pytest.approx(len(audio), abs=1e-6)
    assert 2.0 < rendition.annotations["duration"] < 12.0


def test_phones_tile_their_words_and_stand_on_frames(rendition: Rendition) -> None:
    annotations = rendition.annotations
    phones = annotations["phones"]
    assert all(after["start"] >= before["end"] for before, after in pairwise(phones))
    assert all(round(phone["start"] * 24_000, 3) % 120 == 0 for phone in phones)
    for number, word in enumerate(annotations["words"]):
        own = [phone for phone in phones if phone["word"] == number]
        assert [phone["ipa"] for phone in own] == word["phones"]
        assert (own[0]["start"], own[-1]["end"]) == (word["start"], word["end"])
        assert all(after["start"] == before["end"] for before, after in pairwise(own))
        assert annotations["text"][word["offset"] :].startswith(word["text"])


def test_pauses_are_silent_and_words_are_not(rendition: Rendition) -> None:
    audio, words = samples(rendition), rendition.annotations["words"]
    gaps = [(a["end"], b["start"]) for a, b in pairwise(words) if b["start"] - a["end"] > 0.1]
    assert len(gaps) == 2  # after the comma and after the full stop
    for start, end in gaps:
        assert level_db(audio, start + 0.04, end - 0.03) < -70.0
    for word in words:
        assert level_db(audio, word["start"], word["end"]) > -45.0


def test_level_and_energy_are_those_of_the_file(rendition: Rendition) -> None:
    annotations, audio = rendition.annotations, samples(rendition)
    assert annotations["speech_level_dbfs"] == pytest.approx(-23.0, abs=0.1)
    step = annotations["energy"]["step"]
    loudest = int(np.argmax(annotations["energy"]["dbfs"]))
    measured = level_db(audio, loudest * step, (loudest + 1) * step)
    assert annotations["energy"]["dbfs"][loudest] == pytest.approx(measured, abs=0.06)
    assert len(annotations["energy"]["dbfs"]) == len(audio) // 240
    assert len(annotations["f0"]["hz"]) == pytest.approx(len(audio) / 240, abs=1.0)
    assert np.abs(audio).max() < 0.95


def test_annotations_are_finite_json(rendition: Rendition) -> None:
    assert json.loads(json.dumps(rendition.annotations, allow_nan=False)) == rendition.annotations


def test_textgrid_tiers_cover_the_file_without_gaps(rendition: Rendition) -> None:
    text = rendition.file("alignment").data.decode()
    for tier in text.split("item [")[2:]:
        minima = [float(line.split("=")[1]) for line in tier.splitlines() if "xmin" in line][1:]
        maxima = [float(line.split("=")[1]) for line in tier.splitlines() if "xmax" in line][1:]
        assert minima[0] == 0.0
        assert maxima[-1] == rendition.annotations["duration"]
        assert minima[1:] == maxima[:-1]


def test_the_same_spec_gives_the_same_bytes_in_another_process() -> None:
    spec = {"kind": "utterance", "params": {"text": "Same bytes, 3 times!", "style": "happy"}, "seed": 11}
    code = (
        "import json, sys; from media_gen.spec import MediaSpec; from media_gen.studio import render;"
        "r = render(MediaSpec(**json.loads(sys.argv[1]))); print(*(f.sha256 for f in r.files))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, json.dumps(spec)], capture_output=True, text=True, check=True
    )
    here = render(MediaSpec.model_validate(spec))
    assert other.stdout.split() == [file.sha256 for file in here.files]


def test_another_seed_without_a_voice_is_another_speaker() -> None:
    first, second = spoken(seed=1), spoken(seed=2)
    assert first.annotations["voice"] != second.annotations["voice"]
    chosen = spoken(seed=3, voice=first.annotations["voice"]["number"])
    assert chosen.annotations["voice"] == first.annotations["voice"]


def test_what_cannot_be_said_is_listed_and_the_rest_is_spoken() -> None:
    annotations = spoken(text="Watch 🎬 this \u200bда!").annotations
    assert [word["text"] for word in annotations["words"]] == ["Watch", "this"]
    assert [entry["character"] for entry in annotations["skipped"]] == ["🎬", "\u200b", "д", "а"]
    assert all(annotations["text"][entry["offset"]] == entry["character"] for entry in annotations["skipped"])


@pytest.mark.parametrize("text", ["🎬🎬", "...", "нет", " '’ - "])
def test_a_text_without_sound_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ValueError, match=r"nothing that can be pronounced.*change the text"):
        spoken(text=text)


@pytest.mark.parametrize(
    "params",
    [
        {"text": ""},
        {"text": "x" * 601},
        {"language": "tlh"},
        {"rate": 9},
        {"voice": -1},
        {"speed": 2},
        {"style": "odd"},
    ],
)
def test_parameters_out_of_bounds_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Utterance(**params)


@pytest.mark.parametrize(
    "text",
    ["a", "?!a", "tv", "x 9 %", "8" * 40, "ééé", "don't", "A-B_C/d", "ﬁne", "aaaaaaaaaaa", "İI", "ß", "ç"],
)
@pytest.mark.parametrize("language", sorted(TEXTS))
def test_odd_texts_are_spoken(text: str, language: str) -> None:
    annotations = spoken(text=text, language=language, rate=2.0).annotations
    assert annotations["words"]
    assert all(word["phones"] for word in annotations["words"])


def test_generator_is_frozen_and_picklable() -> None:
    generator = Utterance(text="Again.", voice=3)
    assert pickle.loads(pickle.dumps(generator)) == generator
    with pytest.raises(ValidationError):
        generator.text = "Other."  # type: ignore[misc]
