"""Melody: two motifs, varied over the chords; chord tones on strong beats, steps between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from media_gen.music.pitch import Key
from media_gen.music.score import ChordSpan, Note

__all__ = ["ladder", "melody"]

_LOW, _HIGH = 67, 88
_START = (71, 81)
_PLAN = "abac"  # of four bars: motif, contrast, motif, close
_STEPS, _STEP_WEIGHTS = (-3, -2, -1, 0, 1, 2, 3), (0.06, 0.14, 0.27, 0.1, 0.25, 0.13, 0.05)


@dataclass(frozen=True)
class _Motif:
    rhythm: tuple[float, ...]
    steps: tuple[int, ...]


def ladder(span: ChordSpan, key: Key) -> list[int]:
    """The pitches in the melody's range that fit a chord: the key's scale, bent to hold all chord tones."""
    tones = set(span.chord.pitch_classes(span.key))
    scale = {(key.tonic + step) % 12 for step in key.steps}
    foreign = tones - scale
    bent = {pc for pc in scale - tones if any((pc - tone) % 12 in (1, 11) for tone in foreign)}
    return [pitch for pitch in range(_LOW, _HIGH + 1) if pitch % 12 in (scale - bent) | tones]


def melody(
    spans: Sequence[ChordSpan],
    key: Key,
    meter: int,
    rhythms: Sequence[tuple[float, ...]],
    *,
    rng: np.random.Generator,
) -> tuple[Note, ...]:
    """A melody over a section's chords, from beat 0; the last bar of each four rests on a chord tone."""
    motifs = {name: _motif(rhythms, rng) for name in "ab"}
    pitch = int(rng.integers(*_START))
    notes: list[Note] = []
    for bar in range(round(spans[-1].end / meter)):
        name = _PLAN[bar % 4]
        motif = motifs[name] if name != "c" else _Motif((meter - 1.0, -1.0), (int(rng.choice([-1, 1])), 0))
        played = _bar(motif, bar * meter, pitch, spans, key, strong=meter // 2 if meter % 2 == 0 else meter)
        notes += played
        pitch = played[-1].pitch if played else pitch
    return tuple(notes)


def _motif(rhythms: Sequence[tuple[float, ...]], rng: np.random.Generator) -> _Motif:
    rhythm = rhythms[int(rng.integers(len(rhythms)))]
    steps = rng.choice(_STEPS, size=len(rhythm), p=_STEP_WEIGHTS)
    return _Motif(rhythm, tuple(int(step) for step in steps))


def _bar(
    motif: _Motif, start: float, pitch: int, spans: Sequence[ChordSpan], key: Key, *, strong: int
) -> list[Note]:
    """One bar of a motif; every `strong`-th beat, long notes and new chords get a chord tone."""
    notes, beat = [], start
    for length, step in zip(motif.rhythm, motif.steps, strict=True):
        if length > 0:
            span = next(span for span in spans if beat < span.end)
            anchored = (beat - start) % strong == 0 or beat == span.start or length >= 1.5
            pitch = _next_pitch(pitch, step, span, key, anchored=anchored)
            notes.append(Note(beat, length * 0.94, pitch, 1.0 if beat == start else 0.9))
        beat += abs(length)
    return notes


def _next_pitch(pitch: int, step: int, span: ChordSpan, key: Key, *, anchored: bool) -> int:
    rungs = ladder(span, key)
    here = min(range(len(rungs)), key=lambda index: abs(rungs[index] - pitch))
    target = here + step
    if not 0 <= target < len(rungs):
        target = here - step
    aimed = rungs[target]
    if not anchored:
        return aimed
    tones = [rung for rung in rungs if rung % 12 in span.chord.pitch_classes(span.key)]
    return min(tones, key=lambda tone: (abs(tone - aimed), tone))
