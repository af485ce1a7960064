"""Annotations: what is true about a piece, as JSON values (after JAMS, Humphrey et al. 2014)."""

from itertools import groupby
from typing import Any

from media_gen.music.mixing import Mix
from media_gen.music.score import Note, Score
from media_gen.music.synth.voice import SAMPLE_RATE

__all__ = ["annotate"]

Observation = dict[str, Any]


def annotate(score: Score, mix: Mix, *, title: str) -> dict[str, Any]:
    """Everything known about the piece.

    Times are in seconds. `beats` count from 1 in each bar, bars from 1 (beat 1 is the downbeat); `chords`
    carry Harte labels and Roman numerals; `keys` and `tempi` list every change, `key` and `tempo` the main
    one; sections with one label repeat the same material, `transposed` by semitones; `notes` lists each stem
    with MIDI pitches and velocities.
    """
    return {
        "title": title,
        "genre": score.genre,
        "duration": score.seconds,
        "sample_rate": SAMPLE_RATE,
        "channels": mix.master.shape[1],
        "rms_dbfs": round(mix.rms_dbfs, 3),
        "peak_dbfs": round(mix.peak_dbfs, 3),
        "key": score.key.name,
        "keys": _keys(score),
        "time_signature": f"{score.meter}/4",
        "tempo": round(score.tempo.bpm, 3),
        "tempi": _tempi(score),
        "beats": _beats(score),
        "sections": [
            _span(score, section.start, section.beats, label=section.label, transposed=section.lift)
            for section in score.sections
        ],
        "chords": [
            _span(score, span.start, span.beats, label=span.chord.label(span.key), roman=span.chord.roman)
            for span in score.chords
        ],
        "notes": {stem: [_note(score, note) for note in notes] for stem, notes in score.stems.items()},
    }


def _beats(score: Score) -> list[Observation]:
    times = score.tempo.seconds(range(len(score.tempo.microseconds))).tolist()
    return [
        {"time": round(time, 6), "beat": beat % score.meter + 1, "bar": beat // score.meter + 1}
        for beat, time in enumerate(times)
    ]


def _keys(score: Score) -> list[Observation]:
    spans = [
        (lift, list(sections)) for lift, sections in groupby(score.sections, key=lambda section: section.lift)
    ]
    return [
        _span(
            score,
            sections[0].start,
            sum(section.beats for section in sections),
            label=score.key.transposed(lift).name,
        )
        for lift, sections in spans
    ]


def _tempi(score: Score) -> list[Observation]:
    changes = score.tempo.changes()
    ends = [beat for beat, _ in changes[1:]] + [len(score.tempo.microseconds)]
    return [
        _span(score, beat, end - beat, bpm=round(60e6 / length, 3))
        for (beat, length), end in zip(changes, ends, strict=True)
    ]


def _span(score: Score, start: float, beats: float, **values: Any) -> Observation:
    begin, end = score.tempo.seconds([start, start + beats]).tolist()
    return {"time": round(begin, 6), "duration": round(end - begin, 6), **values}


def _note(score: Score, note: Note) -> Observation:
    start, end = score.tempo.seconds([note.start, note.end]).tolist()
    return {
        "pitch": note.pitch,
        "start": round(start, 6),
        "end": round(end, 6),
        "velocity": int(note.velocity),
    }
