"""What the annotations say is what an independent listener hears."""

import numpy as np
import pytest

from media_gen.music.song import Song
from media_gen.music.style import STYLES
from sim.seeds import rng_for
from tests.media_gen.music import listening

GENRES = sorted(STYLES.classes())
PULSED = [genre for genre in GENRES if genre != "ambient"]
SEEDS = range(4)


def in_piece(observation, sound):
    start, end = observation["time"], observation["time"] + observation["duration"]
    return sound[round(start * listening.RATE) : round(end * listening.RATE)]


@pytest.fixture(scope="module")
def pieces():
    rendered = {}
    for genre in GENRES:
        for seed in SEEDS:
            rendition = Song(genre=genre).render(rng=rng_for(seed, genre))
            sound, rate = listening.samples(rendition.file("audio").data)
            assert rate == listening.RATE == rendition.annotations["sample_rate"]
            rendered[genre, seed] = sound[:, 0], rendition.annotations
    return rendered


@pytest.mark.parametrize("genre", GENRES)
def test_chords_are_heard(pieces, genre):
    right = []
    for seed in SEEDS:
        sound, truth = pieces[genre, seed]
        for chord in truth["chords"]:
            name, quality = chord["label"].split(":")
            third = "min" if quality.startswith(("min", "dim", "hdim")) else "maj"
            right.append(
                listening.heard_chord(in_piece(chord, sound)) == (listening.pitch_class(name), third)
            )
    assert np.mean(right) >= 0.85


def test_chords_shifted_in_time_are_not_heard(pieces):
    """The measure itself can fail: labels moved by a bar do not fit."""
    right = []
    for genre in GENRES:
        sound, truth = pieces[genre, 0]
        labels = [chord["label"] for chord in truth["chords"]]
        for chord, label in zip(truth["chords"], labels[1:] + labels[:1], strict=True):
            root, _ = listening.heard_chord(in_piece(chord, sound))
            right.append(root == listening.pitch_class(label.split(":")[0]))
    assert np.mean(right) < 0.5


def test_key_is_heard(pieces):
    scores = []
    for sound, truth in pieces.values():
        tonic, mode = truth["key"].split(":")
        scores.append(listening.key_score(listening.heard_key(sound), listening.pitch_class(tonic), mode))
    assert np.mean(scores) >= 0.8


@pytest.mark.parametrize("genre", PULSED)
def test_tempo_is_heard(pieces, genre):
    for seed in SEEDS:
        sound, truth = pieces[genre, seed]
        ratio = listening.heard_tempo(sound) / truth["tempo"]
        assert min(abs(ratio / level - 1) for level in (1 / 3, 0.5, 1, 2)) < 0.04


@pytest.mark.parametrize("genre", PULSED)
def test_beats_fall_on_onsets(pieces, genre):
    for seed in SEEDS:
        sound, truth = pieces[genre, seed]
        meter = int(truth["time_signature"][0])
        beats = [beat["time"] for beat in truth["beats"][:-meter]]
        assert listening.onset_contrast(sound, beats, 60 / truth["tempo"]) > 1.5


def test_annotations_cover_the_piece(pieces):
    for _, truth in pieces.values():
        for name in ("sections", "chords", "keys", "tempi"):
            spans = truth[name]
            ends = [span["time"] + span["duration"] for span in spans]
            assert spans[0]["time"] == 0
            assert np.allclose([span["time"] for span in spans[1:]], ends[:-1], atol=1e-5)
            assert ends[-1] <= truth["duration"]


def test_the_cadence_ends_and_rings_out_within_the_length(pieces):
    for sound, truth in pieces.values():
        tonic, _ = truth["keys"][-1]["label"].split(":")
        assert [chord["roman"].rstrip("maj7") for chord in truth["chords"][-2:]] in (["V", "I"], ["V", "i"])
        assert truth["chords"][-1]["label"].split(":")[0] == tonic
        assert (
            max(note["end"] for notes in truth["notes"].values() for note in notes) <= truth["duration"] == 30
        )
        assert len(sound) == 30 * listening.RATE
        assert np.abs(sound[-listening.RATE // 50 :]).max() < 0.01


def test_level_is_even_and_never_clips(pieces):
    for sound, truth in pieces.values():
        peak = 20 * np.log10(np.abs(sound).max())
        rms = 10 * np.log10((sound**2).mean())
        assert peak <= -0.99
        assert -22 < rms < -16.9
        assert (truth["peak_dbfs"], truth["rms_dbfs"]) == pytest.approx((peak, rms), abs=0.05)
