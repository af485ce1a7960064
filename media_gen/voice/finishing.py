"""Finishing: a marker and distortions on finished speech, and its ground truth in step with it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound
from media_gen.distortions.treatment import TreatedSound, treated_sound
from media_gen.rendition import MediaFile, Rendition
from media_gen.voice.wav import pcm16, wav_bytes

__all__ = ["finished"]

_LEVELS = ("energy", "speech_level_dbfs")
_TIME = re.compile(r"(xmin|xmax) = ([0-9.]+)")


def finished(
    rendition: Rendition,
    *,
    marker: int | None,
    distortions: Sequence[AudioDistortion],
    rng: np.random.Generator,
) -> Rendition:
    """The rendition with marker and distortions in its sound; itself if there are none.

    Times and pitches go with the sound; ``invalid`` names annotations that no longer hold.
    """
    if marker is None and not distortions:
        return rendition
    audio, alignment = rendition.files
    treated = treated_sound(Sound.of_wav(audio.data), marker=marker, distortions=distortions, rng=rng)
    samples = pcm16(treated.sound.samples[:, 0])
    files = (
        MediaFile(audio.role, audio.name, audio.media_type, wav_bytes(samples, treated.sound.rate)),
        _retimed(alignment, treated.tempo),
    )
    invalid = [*_LEVELS, *(["voice"] if treated.transposition else [])]
    truth = _in_step(rendition.annotations, treated)
    return Rendition(files, {**truth, "samples": len(samples), **treated.told, "invalid": invalid})


def _in_step(truth: dict[str, Any], treated: TreatedSound) -> dict[str, Any]:
    tempo, factor = treated.tempo, 2 ** (treated.transposition / 12)
    return {
        **truth,
        "duration": round(truth["duration"] / tempo, 6),
        **{name: [_sooner(one, tempo) for one in truth[name]] for name in ("words", "phones")},
        "f0": {
            "step": truth["f0"]["step"] / tempo,
            "hz": [round(hertz * factor, 2) for hertz in truth["f0"]["hz"]],
        },
    }


def _sooner(entry: dict[str, Any], tempo: float) -> dict[str, Any]:
    return {**entry, **{name: round(entry[name] / tempo, 6) for name in ("start", "end")}}


def _retimed(alignment: MediaFile, tempo: float) -> MediaFile:
    if tempo == 1:
        return alignment
    text = _TIME.sub(
        lambda found: f"{found[1]} = {round(float(found[2]) / tempo, 6):.6f}", alignment.data.decode()
    )
    return MediaFile(alignment.role, alignment.name, alignment.media_type, text.encode())
