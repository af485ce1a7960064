"""Sound sources over time: how strongly folds vibrate, breath passes and turbulence hisses in each frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.articulation import smoothed
from media_gen.voice.clock import FRAME_MS
from media_gen.voice.language import Rhythm
from media_gen.voice.phones import NoisePeak
from media_gen.voice.plan import Segment

__all__ = ["VOICED_FROM", "Sources", "source_tracks"]

VOICED_FROM = 0.05
"""Voicing amplitude from which a frame counts as voiced."""

_STRESS_LEVEL = {0: 0.78, 1: 1.0, 2: 0.9}
_ASPIRATION_DB = -15.0
_BREATH_DB = -17.0
_NASAL_ZERO_HZ = {"labial": 560.0, "alveolar": 720.0, "palatal": 900.0, "velar": 950.0, "none": 500.0}
_NASAL_POLE_HZ = 270.0


Bands = tuple[tuple[NoisePeak, ...], float]
"""Bands of noise and their common gain."""


@dataclass(frozen=True)
class Sources:
    """Control tracks, one row a frame.

    ``voicing`` and ``aspiration`` are amplitudes re a stressed vowel; ``nasal_zero`` is the nasal
    antiresonance in Hz (270 means none); ``turbulence`` holds the noise bands of the frames that have any.
    """

    voicing: NDArray[np.float64]
    aspiration: NDArray[np.float64]
    nasal_zero: NDArray[np.float64]
    turbulence: dict[int, Bands]


def source_tracks(
    segments: list[Segment], edges: NDArray[np.int64], formants: NDArray[np.float64], rhythm: Rhythm
) -> Sources:
    """The sources of a plan; the formant tracks tell where a velar burst resonates."""
    voicing, aspiration = np.zeros(int(edges[-1])), np.zeros(int(edges[-1]))
    nasal_zero = np.full(len(voicing), _NASAL_POLE_HZ)
    turbulence: dict[int, Bands] = {}
    for i, segment in enumerate(segments):
        start, stop = int(edges[i]), int(edges[i + 1])
        release = stop - _release_frames(segments, i, rhythm) if segment.phone.manner == "stop" else start
        voicing[start:stop] = _voicing(segment, stop - start)
        aspiration[start:stop] = _aspiration(segment, start, release, stop)
        turbulence |= _turbulence(segment, start, release, stop, formants[stop - 1])
        if segment.phone.nasal:
            nasal_zero[start:stop] = _NASAL_ZERO_HZ[segment.phone.place]
    return Sources(
        voicing=_faded(smoothed(voicing, 3), segments, edges),
        aspiration=smoothed(aspiration, 3),
        nasal_zero=smoothed(nasal_zero, 7),
        turbulence=turbulence,
    )


def _aspiration(segment: Segment, start: int, release: int, stop: int) -> NDArray[np.float64]:
    """Breath through the whole of an h, and after the release of a voiceless stop."""
    level = np.zeros(stop - start)
    if segment.phone.manner == "breath":
        level[:] = 10 ** (_BREATH_DB / 20)
    elif segment.phone.manner == "stop" and segment.phone.is_voiceless:
        level[release + 1 - start :] = 10 ** (_ASPIRATION_DB / 20)
    return level


def _turbulence(
    segment: Segment, start: int, release: int, stop: int, formants: NDArray[np.float64]
) -> dict[int, Bands]:
    """The noise of frication and bursts, by frame."""
    phone = segment.phone
    if phone.manner == "fricative":
        return _frication(phone.noise, start, stop)
    if phone.manner == "affricate":
        return _frication(phone.noise, start + _closure(stop - start), stop, attack=1)
    if phone.manner == "stop":
        noise = _burst_noise(segment, formants)
        return {frame: (noise, gain) for frame, gain in ((release, 1.0), (release + 1, 0.4)) if frame < stop}
    return {}


def _voicing(segment: Segment, frames: int) -> NDArray[np.float64]:
    phone = segment.phone
    level = np.full(frames, phone.voicing if phone.manner != "pause" else 0.0)
    if phone.is_vowel:
        level *= _STRESS_LEVEL[segment.stress]
    elif phone.manner == "trill":  # the tongue tip interrupts about 25 times a second
        level *= 0.45 + 0.55 * np.abs(np.cos(np.arange(frames) * np.pi / 5.0))
    elif phone.manner == "affricate":
        level[_closure(frames) :] *= 1.6
    return level


def _closure(frames: int) -> int:
    return max(int(0.42 * frames), 1)


def _frication(noise: tuple[NoisePeak, ...], start: int, stop: int, attack: int = 4) -> dict[int, Bands]:
    if not noise:
        return {}
    return {
        frame: (noise, min(1.0, (frame - start + 1) / (attack + 1), (stop - frame) / 4.0))
        for frame in range(start, stop)
    }


def _release_frames(segments: list[Segment], i: int, rhythm: Rhythm) -> int:
    """How long before its end a stop is released: its voice onset time, in frames."""
    segment, before, after = segments[i], segments[i - 1], segments[i + 1]
    onset_ms = 10.0
    if segment.phone.is_voiceless:
        onset_ms = min(15.0, rhythm.aspiration_ms)
        opens = after.phone.is_vowel or after.phone.manner in ("liquid", "glide")
        strong = segment.word_initial or after.stress > 0
        if opens and strong and before.phone.ipa != "s":
            onset_ms = rhythm.aspiration_ms
        elif after.phone.manner == "pause":
            onset_ms = 30.0
    return max(round(onset_ms / FRAME_MS), 1)


def _burst_noise(segment: Segment, formants: NDArray[np.float64]) -> tuple[NoisePeak, ...]:
    """The release noise; a velar's resonates at the second formant of what follows."""
    if segment.phone.place != "velar":
        return segment.phone.noise
    (_, width, level), high = segment.phone.noise
    return (float(np.clip(formants[1], 1000.0, 2600.0)), width, level), high


def _faded(
    voicing: NDArray[np.float64], segments: list[Segment], edges: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Voicing that dies away over the last 60 ms before a pause, and is nothing inside it."""
    for i, segment in enumerate(segments):
        if segment.phone.manner == "pause":
            start, stop = int(edges[i]), int(edges[i + 1])
            voicing[start:stop] = 0.0
            fade = min(12, start)
            voicing[start - fade : start] *= np.linspace(1.0, 0.3, fade)
    return voicing
