"""Drums: a style's pattern in sixteenths, crashes where a section bursts in, fills where it ends."""

from collections.abc import Mapping

import numpy as np

from media_gen.music.score import Note

__all__ = ["DRUMS", "beat_pattern", "crash", "fill"]

DRUMS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "hat": 42,
    "low_tom": 45,
    "open_hat": 46,
    "mid_tom": 47,
    "crash": 49,
    "high_tom": 50,
    "ride": 51,
    "shaker": 70,
}
"""General MIDI note numbers of the drums that a pattern may name."""

_ACCENTS = {"X": 1.12, "x": 0.95, "o": 0.55}
_LENGTH = 0.2
_FILL_DRUMS = ("snare", "high_tom", "mid_tom", "low_tom")


def beat_pattern(pattern: Mapping[str, str], bars: int, meter: int) -> tuple[Note, ...]:
    """The pattern in every bar from beat 0."""
    bar = [
        Note(step / 4, _LENGTH, DRUMS[drum], _ACCENTS[mark])
        for drum, marks in pattern.items()
        for step, mark in enumerate(marks.replace(" ", ""))
        if mark in _ACCENTS
    ]
    return tuple(
        Note(index * meter + note.start, note.beats, note.pitch, note.velocity)
        for index in range(bars)
        for note in bar
    )


def fill(notes: tuple[Note, ...], end: float, *, rng: np.random.Generator) -> tuple[Note, ...]:
    """The notes with one or two beats before `end` replaced by a run down the toms; the kick stays."""
    start = end - int(rng.integers(1, 3))
    steps = np.arange(start, end, 0.25)
    struck = np.sort(rng.choice(len(_FILL_DRUMS), size=len(steps)))
    run = tuple(
        Note(
            float(beat), _LENGTH, DRUMS[_FILL_DRUMS[drum]], 0.75 + 0.3 * (float(beat) - start) / (end - start)
        )
        for beat, drum in zip(steps, struck, strict=True)
    )
    return tuple(note for note in notes if note.start < start or note.pitch == DRUMS["kick"]) + run


def crash(beat: float) -> tuple[Note, ...]:
    """Kick and crash together."""
    return Note(beat, _LENGTH, DRUMS["kick"], 1.1), Note(beat, 1.0, DRUMS["crash"], 0.9)
