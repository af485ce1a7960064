"""Synthesis: the sound of a plan, spoken by an identity in a style."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.articulation import formant_tracks
from media_gen.voice.clock import HOP
from media_gen.voice.identity import Identity
from media_gen.voice.language import Rhythm
from media_gen.voice.plan import Segment
from media_gen.voice.pulses import VoicedTracks, glottal_phase, voiced_sound
from media_gen.voice.sources import VOICED_FROM, Sources, source_tracks
from media_gen.voice.styles import Style
from media_gen.voice.turbulence import band_spectrum, breath_spectra, shaped_noise

__all__ = ["Speech", "synthesise"]

_LEVEL_DBFS = -23.0
_PEAK = 0.89


@dataclass(frozen=True)
class Speech:
    """Audio in [-1, 1] and which of its frames are voiced."""

    samples: NDArray[np.float64]
    voiced: NDArray[np.bool_]


def synthesise(
    segments: list[Segment],
    edges: NDArray[np.int64],
    pitch_hz: NDArray[np.float64],
    rhythm: Rhythm,
    identity: Identity,
    style: Style,
    *,
    rng: np.random.Generator,
) -> Speech:
    """Speak the segments between the given frame edges with the given pitch at each edge."""
    formants = formant_tracks(segments, edges)
    sources = source_tracks(segments, edges, formants, rhythm)
    phase = glottal_phase(pitch_hz)
    tracks = VoicedTracks(phase, pitch_hz, sources.voicing, formants, sources.nasal_zero)
    voiced = voiced_sound(tracks, identity, style, rng=rng)
    reference = _vowel_level(voiced, sources.voicing)
    hiss = reference * _hiss(sources, formants, identity, style, phase, rng=rng)
    samples = _levelled(voiced + hiss, segments, edges, style)
    return Speech(samples, sources.voicing >= VOICED_FROM)


def _vowel_level(voiced: NDArray[np.float64], voicing: NDArray[np.float64]) -> float:
    """The level of a stressed vowel, to which all noise levels refer."""
    power = (voiced.reshape(-1, HOP) ** 2).mean(axis=1)
    loud = voicing > 0.6 * voicing.max()
    return float(np.sqrt((power[loud] / voicing[loud] ** 2).mean()))


def _hiss(
    sources: Sources,
    formants: NDArray[np.float64],
    identity: Identity,
    style: Style,
    phase: NDArray[np.float64],
    *,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    frames = len(sources.voicing)
    floor = 10 ** ((identity.breath_db + style.breath_db) / 20)
    breath = np.sqrt(sources.aspiration**2 + (floor * sources.voicing) ** 2)

    def breathing(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return breath[rows, None] * breath_spectra(formants[rows], identity)

    def rubbing(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        bands = [sources.turbulence[row] for row in rows.tolist()]
        return np.array([gain * band_spectrum(peaks, identity.tract_scale) for peaks, gain in bands])

    airy, turbulent = np.flatnonzero(breath > 1e-4), np.array(sorted(sources.turbulence), dtype=np.int64)
    noise = shaped_noise(airy, breathing, frames, rng=rng) + shaped_noise(turbulent, rubbing, frames, rng=rng)
    return noise * _gating(sources.voicing, phase)


def _gating(voicing: NDArray[np.float64], phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise under voicing pulses with the opening glottis."""
    depth = 0.6 * np.repeat(np.minimum(voicing * 2.0, 1.0), HOP)
    return 1.0 - depth * (0.5 + 0.5 * np.cos(2.0 * np.pi * phase))


def _levelled(
    samples: NDArray[np.float64], segments: list[Segment], edges: NDArray[np.int64], style: Style
) -> NDArray[np.float64]:
    """The samples at the style's level over all that is not pause; peaks stay below full scale."""
    spoken = np.repeat([segment.word is not None for segment in segments], np.diff(edges) * HOP)
    level = float(np.sqrt((samples[spoken] ** 2).mean()))
    gain = 10 ** ((_LEVEL_DBFS + style.effort_db) / 20) / level
    return samples * min(gain, _PEAK / float(np.abs(samples).max()))
