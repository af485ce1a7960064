"""Stems: a part's notes as sound, each pitch synthesised once and cut to length for every note."""

from collections.abc import Mapping, Sequence

import numpy as np

from media_gen.music.pitch import frequency
from media_gen.music.score import Note
from media_gen.music.synth.instruments import Instrument
from media_gen.music.synth.kits import Drum
from media_gen.music.synth.voice import SAMPLE_RATE, Samples
from media_gen.music.tempo import TempoMap
from sim.seeds import rng_for

__all__ = ["render_drums", "render_part"]

_LOUDNESS = 1.4  # exponent from velocity to level


def render_part(
    notes: Sequence[Note], instrument: Instrument, tempo: TempoMap, samples: int, *, seed: int
) -> Samples:
    """A pitched part on one instrument, mono, `samples` long."""
    starts, lengths = _seconds(notes, tempo)
    tones = _tones(notes, lengths, instrument, seed)
    release = _release(instrument.voice.release)
    track = np.zeros(samples)
    for note, start, length in zip(notes, starts, lengths, strict=True):
        held = round(length * SAMPLE_RATE)
        sound = tones[note.pitch][: held + len(release)] * _level(note)
        sound[held:] *= release[: len(sound) - held]
        _add(track, sound, start)
    return track


def render_drums(
    notes: Sequence[Note], kit: Mapping[int, Drum], tempo: TempoMap, samples: int, *, seed: int
) -> Samples:
    """A drum part, mono, `samples` long; strokes ring out however long their notes are."""
    starts, _ = _seconds(notes, tempo)
    hits = {
        pitch: kit[pitch].hit(rng=rng_for(seed, "drum", pitch)) for pitch in {note.pitch for note in notes}
    }
    track = np.zeros(samples)
    for note, start in zip(notes, starts, strict=True):
        _add(track, hits[note.pitch] * _level(note), start)
    return track


def _seconds(notes: Sequence[Note], tempo: TempoMap) -> tuple[list[float], list[float]]:
    starts = tempo.seconds([note.start for note in notes])
    ends = tempo.seconds([note.end for note in notes])
    return starts.tolist(), (ends - starts).tolist()


def _tones(
    notes: Sequence[Note], lengths: Sequence[float], instrument: Instrument, seed: int
) -> dict[int, Samples]:
    """Each pitch, as long as its longest note with its release."""
    longest: dict[int, float] = {}
    for note, length in zip(notes, lengths, strict=True):
        longest[note.pitch] = max(longest.get(note.pitch, 0.0), length)
    voice = instrument.voice
    return {
        pitch: voice.tone(frequency(pitch), length + voice.release, rng=rng_for(seed, "tone", pitch))
        for pitch, length in longest.items()
    }


def _release(seconds: float) -> Samples:
    """A level that falls from 1 to 0 as a squared raised cosine."""
    return np.asarray((0.5 + 0.5 * np.cos(np.linspace(0, np.pi, round(seconds * SAMPLE_RATE)))) ** 2)


def _level(note: Note) -> float:
    return float((note.velocity / 127) ** _LOUDNESS)


def _add(track: Samples, sound: Samples, start: float) -> None:
    first = round(start * SAMPLE_RATE)
    track[first : first + len(sound)] += sound[: len(track) - first]
