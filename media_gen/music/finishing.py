"""Finishing: a marker and distortions on a finished piece, and its ground truth in step with it."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from mido import MidiFile

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound
from media_gen.distortions.treatment import treated_sound
from media_gen.music.wav import wav_bytes
from media_gen.rendition import MediaFile, Rendition

__all__ = ["finished"]

_LEVELS = ("rms_dbfs", "peak_dbfs")
_HARMONY = ("key", "keys", "chords", "midi")
_TIMES = frozenset({"time", "duration", "start", "end"})
_TEMPI = frozenset({"tempo", "bpm"})


def finished(
    rendition: Rendition,
    *,
    marker: int | None,
    distortions: Sequence[AudioDistortion],
    rng: np.random.Generator,
) -> Rendition:
    """The rendition with marker and distortions in its sound; itself if there are none.

    Times go with the sound, MIDI's too, and the pitches of notes, which are no whole numbers then. Stems stay as they
    are. ``invalid`` names annotations and files that no longer hold.
    """
    if marker is None and not distortions:
        return rendition
    audio, midi, *stems = rendition.files
    treated = treated_sound(Sound.of_wav(audio.data), marker=marker, distortions=distortions, rng=rng)
    files = (
        MediaFile(audio.role, audio.name, audio.media_type, wav_bytes(treated.sound.samples)),
        _retimed(midi, treated.tempo),
        *stems,
    )
    truth = _in_step(rendition.annotations, treated.tempo)
    if treated.transposition:
        truth["notes"] = {
            stem: notes if stem == "drums" else [_higher(note, treated.transposition) for note in notes]
            for stem, notes in truth["notes"].items()
        }
    invalid = [*_LEVELS, *(_HARMONY if treated.transposition else ()), *(["stems"] if stems else [])]
    return Rendition(files, {**truth, **treated.told, "invalid": invalid})


def _higher(note: dict[str, Any], semitones: float) -> dict[str, Any]:
    return {**note, "pitch": round(note["pitch"] + semitones, 4)}


def _in_step(truth: Any, tempo: float) -> Any:
    """Annotations with every time made shorter, and every tempo faster."""
    if isinstance(truth, list):
        return [_in_step(one, tempo) for one in truth]
    if isinstance(truth, dict):
        return {name: _value_in_step(name, value, tempo) for name, value in truth.items()}
    return truth


def _value_in_step(name: str, value: Any, tempo: float) -> Any:
    if name in _TIMES and tempo != 1:
        return round(value / tempo, 6)
    if name in _TEMPI:
        return round(value * tempo, 3)
    return _in_step(value, tempo)


def _retimed(midi: MediaFile, tempo: float) -> MediaFile:
    if tempo == 1:
        return midi
    score = MidiFile(file=io.BytesIO(midi.data), charset="utf-8")
    for track in score.tracks:
        for place, message in enumerate(track):
            if message.type == "set_tempo":
                track[place] = message.copy(tempo=round(message.tempo / tempo))
    buffer = io.BytesIO()
    score.save(file=buffer)
    return MediaFile(midi.role, midi.name, midi.media_type, buffer.getvalue())
