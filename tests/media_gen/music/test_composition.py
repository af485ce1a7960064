from collections import defaultdict

import numpy as np
import pytest

from media_gen.music.composition import Brief, compose
from media_gen.music.pitch import Key
from media_gen.music.score import TICKS
from media_gen.music.style import STYLES

GENRES = sorted(STYLES.classes())


def long_score(genre, seed=2, **asked):
    style = STYLES.named(genre)()
    return compose(Brief(style, 150, **asked), seed=seed), style


def heard_in(score, section, stem):
    """(beat in the section, pitch above the section's lift) of the notes, timing rounded off."""
    lift = 0 if stem == "drums" else section.lift
    inside = [
        note for note in score.stems.get(stem, ()) if -0.1 <= note.start - section.start < section.beats - 0.1
    ]
    return sorted((round((note.start - section.start) * 8) / 8, note.pitch - lift) for note in inside)


@pytest.mark.parametrize("genre", GENRES)
def test_repeated_sections_repeat_their_material(genre):
    score, style = long_score(genre)
    tight = compose(Brief(style.model_copy(update={"looseness": 0.0}), 150), seed=2)
    by_label = defaultdict(list)
    for section in tight.sections:
        by_label[section.label].append(section)
    repeats = [sections for sections in by_label.values() if len(sections) > 1]
    assert repeats, "a piece of two and a half minutes repeats something"
    for first, *others in repeats:
        for other in others:
            for stem in tight.stems:
                assert heard_in(tight, first, stem) == heard_in(tight, other, stem)
    assert score.sections == tight.sections


def test_different_sections_differ():
    score, _ = long_score("pop")
    labels = {section.label: section for section in score.sections}
    assert heard_in(score, labels["verse"], "lead") != heard_in(score, labels["chorus"], "lead")


def test_the_last_of_many_choruses_is_lifted():
    lifted = [score for seed in range(4) if (score := long_score("pop", seed)[0]).sections[-1].lift]
    assert lifted
    for score in lifted:
        assert score.chords[-1].key == score.key.transposed(2)
        assert [section.lift for section in score.sections[-3:]] == [0, 2, 2]


@pytest.mark.parametrize("genre", GENRES)
def test_notes_lie_on_the_grid_in_order_and_never_overlap_on_a_key(genre):
    score, _ = long_score(genre)
    last = len(score.tempo.microseconds)
    for notes in score.stems.values():
        free = defaultdict(float)
        for note in notes:
            assert abs(note.start * TICKS - round(note.start * TICKS)) < 1e-6
            assert abs(note.end * TICKS - round(note.end * TICKS)) < 1e-6
            assert free[note.pitch] - 1e-9 <= note.start < note.end <= last
            assert 1 <= note.velocity <= 127
            free[note.pitch] = note.end
        assert [note.start for note in notes] == sorted(note.start for note in notes)


@pytest.mark.parametrize("genre", GENRES)
def test_melody_is_on_chord_tones_on_downbeats(genre):
    score, _ = long_score(genre)
    on_downbeats = []
    for note in score.stems["lead"]:
        beat = round(note.start * 4) / 4
        if beat % score.meter == 0:
            span = next(span for span in score.chords if span.start <= beat < span.end)
            on_downbeats.append(note.pitch % 12 in span.chord.pitch_classes(span.key))
    assert len(on_downbeats) > 10
    assert all(on_downbeats)


@pytest.mark.parametrize("genre", GENRES)
def test_bass_plays_the_root_when_the_chord_changes(genre):
    score, _ = long_score(genre)
    begun = {round(note.start * 2) / 2: note.pitch % 12 for note in score.stems["bass"]}
    played = [(begun[s.start], s.chord.root(s.key)) for s in score.chords if s.start in begun]
    assert len(played) > 10 or genre == "edm"  # its bass plays between the beats
    assert all(pitch == root for pitch, root in played)


def test_the_tempo_asked_for_is_exact_and_the_rest_is_held():
    score, style = long_score("rock", tempo=120.0)
    assert set(score.tempo.microseconds[: -2 * style.meter]) == {500_000}
    assert score.tempo.seconds(len(score.tempo.microseconds)) <= 150
    assert score.tempo.bpm == 120


def test_drawn_tempi_stay_near_the_style_and_differ():
    tempi = [compose(Brief(STYLES.named("pop")(), 30), seed=seed).tempo.bpm for seed in range(40)]
    assert min(tempi) > 96 * 0.94
    assert max(tempi) <= 126
    assert len({round(tempo, 1) for tempo in tempi}) > 25
    assert np.ptp(tempi) > 15


def test_keys_and_modes_are_spread():
    keys = [compose(Brief(STYLES.named("folk")(), 12), seed=seed).key for seed in range(80)]
    assert len({key.tonic for key in keys}) == 12
    assert {key.mode for key in keys} == {"major", "minor"}


def test_a_note_does_not_depend_on_the_length_asked_for():
    """Draws are by position: the harmony of a chorus is the same in a longer piece of the same seed."""
    short, long = (
        compose(Brief(STYLES.named("pop")(), seconds, tempo=120.0), seed=9) for seconds in (32, 34)
    )
    assert short.key == long.key == Key(short.key.tonic, short.key.mode)
    first = {section.label: section for section in short.sections}
    for section in long.sections[:-1]:
        if section.label in first and first[section.label].beats == section.beats:
            assert chords_of(short, first[section.label]) == chords_of(long, section)


def chords_of(score, section):
    end = section.start + section.beats
    return [span.chord.roman for span in score.chords if section.start <= span.start < end]
