"""The voiced sound: one glottal pulse a period, each through the vocal tract of its instant.

Pulses stand where the integral of the pitch contour passes whole numbers, to a fraction of a sample, so the
pitch of the audio is the contour itself. The pulse is the causal-anticausal model of Doval, d'Alessandro and
Henrich (2003).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import HOP, SAMPLE_RATE
from media_gen.voice.identity import Identity
from media_gen.voice.resonance import chain_response, pair_response, tract_poles
from media_gen.voice.styles import Style

__all__ = ["VoicedTracks", "glottal_phase", "voiced_sound"]

_SIZE = 1024
_LEAD = 320
"""Samples of a response that lie before the closure of the glottis: the anticausal open phase."""
_NASAL = (270.0, 90.0)
_BLOCK = 256
"""Pulses made at once: a long utterance needs no more memory than a short one."""


@dataclass(frozen=True)
class VoicedTracks:
    """What folds and tract do, one value a frame; ``phase`` counts glottal cycles, one value a sample."""

    phase: NDArray[np.float64]
    pitch_hz: NDArray[np.float64]
    voicing: NDArray[np.float64]
    formants: NDArray[np.float64]
    nasal_zero: NDArray[np.float64]


def glottal_phase(pitch_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Glottal cycles since the start at every sample, from the pitch at every frame edge."""
    samples = (len(pitch_hz) - 1) * HOP
    pitch = np.interp(np.arange(samples), np.arange(len(pitch_hz)) * HOP, pitch_hz)
    return np.cumsum(pitch) / SAMPLE_RATE


def voiced_sound(
    tracks: VoicedTracks, identity: Identity, style: Style, *, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The voiced part of the audio, of the length of ``tracks.phase``."""
    closures = _closures(tracks.phase)
    frames = np.minimum(closures / HOP, len(tracks.voicing) - 1.0)
    amplitude = _at(tracks.voicing, frames) * (1.0 + 0.03 * rng.standard_normal(len(frames)))
    sounding = amplitude > 0.01
    closures, frames, amplitude = closures[sounding], frames[sounding], amplitude[sounding]
    total = np.zeros(len(tracks.phase) + 2 * _SIZE)
    for start in range(0, len(frames), _BLOCK):
        block = slice(start, start + _BLOCK)
        responses = _responses(tracks, identity, style, frames[block], closures[block] % 1.0)
        responses *= (amplitude[block] * _evened(responses))[:, None]
        _overlap_add(total, responses, closures[block].astype(np.int64))
    return total[_SIZE : _SIZE + len(tracks.phase)]


def _evened(responses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gains that halve, in decibels, the differences of level between open and close vowels."""
    return np.asarray(((responses**2).sum(axis=1) + 1e-12) ** -0.25)


def _closures(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """The instants, in samples, at which the phase passes whole numbers."""
    cycles = np.floor(phase)
    after = np.flatnonzero(np.diff(cycles) > 0) + 1
    step = phase[after] - phase[after - 1]
    return after - (phase[after] - cycles[after]) / step


def _at(track: NDArray[np.float64], frames: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.interp(frames - 0.5, np.arange(len(track)), track)


def _responses(
    tracks: VoicedTracks,
    identity: Identity,
    style: Style,
    frames: NDArray[np.float64],
    fraction: NDArray[np.float64],
) -> NDArray[np.float64]:
    formants = np.stack([_at(tracks.formants[:, k], frames) for k in range(3)], axis=1)
    spectrum = chain_response(*tract_poles(formants, identity), _SIZE)
    nasal_zero = _at(tracks.nasal_zero, frames)
    nasal = nasal_zero > _NASAL[0] + 5.0
    spectrum[nasal] *= pair_response(nasal_zero[nasal], *_NASAL, _SIZE)
    spectrum *= _glottal_spectrum(
        np.interp(frames, np.arange(len(tracks.pitch_hz)), tracks.pitch_hz), identity, style
    )
    turns = np.exp(-2j * np.pi / _SIZE * np.arange(_SIZE // 2 + 1))
    spectrum *= np.exp(-2j * np.pi / _SIZE * (_LEAD + fraction)[:, None] * np.arange(_SIZE // 2 + 1)) * (
        1.0 - turns
    )
    return np.asarray(np.fft.irfft(spectrum, _SIZE, axis=1))


def _glottal_spectrum(pitch: NDArray[np.float64], identity: Identity, style: Style) -> NDArray[np.complex128]:
    """The opening glottis, a resonance that runs backwards in time, and the tilt of its closure."""
    formant = pitch / (2.0 * identity.open_quotient)
    opening = chain_response(formant[:, None], 0.55 * pitch[:, None] / identity.open_quotient, _SIZE)
    pole = np.exp(-2.0 * np.pi * identity.tilt_hz * style.brightness / SAMPLE_RATE)
    tilt = (1.0 - pole) / (1.0 - pole * np.exp(-2j * np.pi / _SIZE * np.arange(_SIZE // 2 + 1)))
    return np.asarray(np.conj(opening) * tilt)


def _overlap_add(
    total: NDArray[np.float64], responses: NDArray[np.float64], closures: NDArray[np.int64]
) -> None:
    for closure, response in zip(closures, responses, strict=True):
        start = closure + _SIZE - _LEAD
        total[start : start + _SIZE] += response
