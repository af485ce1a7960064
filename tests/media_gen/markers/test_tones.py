"""Audible markers: read after all that a sound goes through, and never where there is none."""

import io
import wave

import numpy as np
import pytest

from media_gen.distortions.distortion import AUDIO_DISTORTIONS
from media_gen.distortions.sound import Sound
from media_gen.markers import read_audio
from media_gen.markers.tones import add_tones, read_samples
from media_gen.music.song import Song
from media_gen.voice.utterance import Utterance
from sim.seeds import rng_for

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
SURVIVED = {"codec": 1.0, "eq": 1.0, "noise": 0.75, "pitch": 0.75, "speed": 1.0}
"""Up to which strength every marker must be read, by distortion."""
SAID = ("Hello there!", "The new season starts tonight.", "This is a longer sentence, so that it lasts.")
PLAYED = ("ambient", "rock", "waltz")


def code(number: int) -> int:
    return 40_503 * (number + 1) % 65_536


@pytest.fixture(scope="module")
def sounds() -> list[Sound]:
    speech = [
        Utterance(text=text, voice=number).render(rng=rng_for(number, "said"))
        for number, text in enumerate(SAID)
    ]
    music = [
        Song(seconds=8, genre=genre).render(rng=rng_for(number, "played"))
        for number, genre in enumerate(PLAYED)
    ]
    return [Sound.of_wav(one.file("audio").data) for one in (*speech, *music)]


def marked(sound: Sound, one: int) -> Sound:
    return Sound(add_tones(sound.samples, sound.rate, one), sound.rate)


@pytest.fixture(scope="module")
def read(sounds: list[Sound]) -> dict[str, list[list[int | None]]]:
    """What was read, by distortion, strength and sound."""
    found: dict[str, list[list[int | None]]] = {}
    for kind in sorted(AUDIO_DISTORTIONS.classes()):
        found[kind] = []
        for strength in STRENGTHS:
            step = AUDIO_DISTORTIONS.parse({"kind": kind, "strength": strength})
            after = [step.apply(marked(one, code(n)), rng=rng_for(n, kind)) for n, one in enumerate(sounds)]
            found[kind].append([read_samples(one.samples, one.rate) for one in after])
    return found


def test_sounds_without_a_marker_have_none(sounds: list[Sound]) -> None:
    for one in sounds:
        assert read_samples(one.samples, one.rate) is None
    rng = rng_for(1, "hiss")
    assert read_samples(0.1 * rng.standard_normal((40_000, 1)), 22_050) is None
    assert read_samples(np.zeros((40_000, 1)), 22_050) is None
    assert read_samples(np.zeros((100, 1)), 22_050) is None


def test_every_code_is_read_where_it_was_put(sounds: list[Sound]) -> None:
    for number, one in enumerate(sounds):
        after = marked(one, code(number))
        assert read_samples(after.samples, after.rate) == code(number)
        assert np.abs(after.samples).max() <= 1
        assert np.sqrt(np.mean((after.samples - one.samples) ** 2)) < 0.08


def test_codes_of_all_sorts_are_read() -> None:
    quiet = 0.05 * rng_for(1, "quiet").standard_normal((24_000, 1))
    for one in (0, 1, 255, 256, 32_768, 65_535, *range(1_000, 65_000, 16_001)):
        assert read_samples(add_tones(quiet, 24_000, one), 24_000) == one


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
    assert set(read) == set(SURVIVED) == set(AUDIO_DISTORTIONS.classes())
    with capsys.disabled():
        print("\naudible markers read, by strength " + " ".join(f"{strength:5.2f}" for strength in STRENGTHS))
        for kind, ladder in read.items():
            shares = [np.mean([one is not None for one in found]) for found in ladder]
            print(f"{kind:33s} " + " ".join(f"{share:5.2f}" for share in shares))


def test_wav_files_of_other_samples_are_refused() -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 100)
    with pytest.raises(ValueError, match="8-bit samples cannot be read; convert the file to 16-bit PCM"):
        read_audio(buffer.getvalue())
