"""Performance: written notes as players play them: swung, a little loose, never two at once on one key."""

from collections.abc import Iterable

import numpy as np

from media_gen.music.score import TICKS, Note

__all__ = ["perform"]

_VELOCITY_SPREAD = 4.0
_SHORTEST = 24 / TICKS


def perform(
    notes: Iterable[Note], *, swing: float, looseness: float, last_beat: float, rng: np.random.Generator
) -> tuple[Note, ...]:
    """The notes in time order on the tick grid, with whole velocities.

    `looseness` is the standard deviation of onsets in beats, cut off at twice that. Onsets stay at or after
    0, releases at or before `last_beat`, and a note ends where the next of its pitch begins.
    """
    written = list(notes)
    drift = np.clip(rng.normal(0, 1, len(written)), -2, 2) * looseness
    loudness = rng.normal(0, _VELOCITY_SPREAD, len(written))
    played = [
        _played(note, swing, float(late), float(louder), last_beat)
        for note, late, louder in zip(written, drift, loudness, strict=True)
    ]
    return _without_overlaps(played)


def _played(note: Note, swing: float, late: float, louder: float, last_beat: float) -> Note:
    start = _on_grid(max(0.0, _swung(note.start, swing) + late))
    end = _on_grid(min(last_beat, max(_swung(note.end, swing) + late, start + _SHORTEST)))
    velocity = int(np.clip(round(note.velocity + louder), 1, 127))
    return Note(start, end - start, note.pitch, velocity)


def _swung(beat: float, swing: float) -> float:
    """A beat position with the middle of each beat moved to `swing`, the rest in proportion."""
    whole, part = divmod(beat, 1)
    return float(whole + (part * 2 * swing if part < 0.5 else 1 - (1 - part) * 2 * (1 - swing)))


def _on_grid(beat: float) -> float:
    return round(beat * TICKS) / TICKS


def _without_overlaps(notes: list[Note]) -> tuple[Note, ...]:
    following: dict[float, float] = {}
    kept = []
    for note in sorted(notes, key=lambda note: (-note.start, note.pitch, -note.velocity)):
        room = following.get(note.pitch, note.end) - note.start
        if room >= _SHORTEST:
            kept.append(Note(note.start, min(note.beats, room), note.pitch, note.velocity))
            following[note.pitch] = note.start
    return tuple(sorted(kept, key=lambda note: (note.start, note.pitch)))
