import itertools

import numpy as np
import pytest

from media_gen.music.chords import VOCABULARY
from media_gen.music.pitch import Key, pitch_class
from media_gen.music.progressions import Harmony, closing, period
from media_gen.music.voicing import voice_leading, voicings
from sim.seeds import rng_for

MODES = ["major", "minor"]


def harmony(mode="major", meter=4, **options):
    return Harmony(Key(0, mode), meter, **({"taste": {}} | options))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bars", [2, 4, 8, 16])
@pytest.mark.parametrize("close", ["half", "authentic", "plagal"])
def test_sections_close_as_asked_and_fill_their_bars(mode, bars, close):
    goal = {
        "half": ("subdominant", "dominant"),
        "authentic": ("dominant", "tonic"),
        "plagal": ("subdominant", "tonic"),
    }
    for seed in range(20):
        spans = period(harmony(mode, split=0.5), bars, close, rng=rng_for(seed))
        assert spans[-1].end == bars * 4
        assert all(before.end == after.start for before, after in itertools.pairwise(spans))
        assert tuple(span.chord.function for span in spans[-2:]) == goal[close]
        if bars > 2:
            assert spans[0].chord.roman in ("I", "i")


def test_no_chord_follows_itself_within_a_phrase():
    for seed in range(50):
        romans = [
            span.chord.numeral for span in period(harmony(split=0.5), 4, "authentic", rng=rng_for(seed))
        ]
        assert all(now != after for now, after in itertools.pairwise(romans))


def test_progressions_vary():
    drawn = {
        tuple(s.chord.roman for s in period(harmony(), 8, "authentic", rng=rng_for(n))) for n in range(40)
    }
    assert len(drawn) > 20


def test_taste_decides():
    def share(taste):
        spans = [s for n in range(60) for s in period(harmony(taste=taste), 8, "half", rng=rng_for(n))]
        return np.mean([span.chord.numeral == "bVII" for span in spans])

    assert share({}) == 0
    assert share({"bVII": 20}) > 0.1


@pytest.mark.parametrize("bars", [2, 3])
@pytest.mark.parametrize("meter", [3, 4])
@pytest.mark.parametrize("mode", MODES)
def test_the_final_cadence_is_authentic(bars, meter, mode):
    spans = closing(harmony(mode, meter), bars, alone=False, rng=rng_for(1))
    assert [span.chord.roman for span in spans[-2:]] == ["V7", "I" if mode == "major" else "i"]
    assert spans[-1].beats == meter
    assert spans[-1].end == bars * meter


@pytest.mark.parametrize("mode", MODES)
def test_labels_spell_the_pitch_classes_that_sound(mode):
    for tonic in range(12):
        key = Key(tonic, mode)
        for chord in VOCABULARY[mode].values():
            for variant in (chord, chord.with_seventh()):
                root, quality = variant.label(key).split(":")
                assert pitch_class(root) == variant.pitch_classes(key)[0]
                assert len(variant.pitch_classes(key)) == (4 if "7" in quality else 3)


def test_roman_numerals_tell_the_quality():
    romans = {chord.with_seventh().roman for mode in MODES for chord in VOCABULARY[mode].values()}
    assert {"Imaj7", "ii7", "V7", "viiø7", "i7", "VImaj7", "iiø7"} <= romans


def test_voices_move_less_than_in_root_position():
    moved = rooted = 0
    for seed in range(20):
        spans = period(harmony(), 16, "authentic", rng=rng_for(seed))
        led = voice_leading(spans)
        moved += sum(abs(np.mean(a) - np.mean(b)) for a, b in itertools.pairwise(led))
        roots = [voicings(span.chord.pitch_classes(span.key)) for span in spans]
        plain = [
            next(notes for notes in options if notes[0] % 12 == span.chord.root(span.key))
            for options, span in zip(roots, spans, strict=True)
        ]
        rooted += sum(abs(np.mean(a) - np.mean(b)) for a, b in itertools.pairwise(plain))
    assert moved < 0.5 * rooted
