"""Resonators: chains of second-order poles as frequency responses (Klatt 1980, cascade synthesis)."""

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import SAMPLE_RATE
from media_gen.voice.identity import Identity

__all__ = ["chain_response", "pair_response", "tract_poles"]

_NEUTRAL_SPACING_HZ = 1000.0
_TOP_HZ = 11_300.0
_FORMANTS = 11


def tract_poles(
    formants: NDArray[np.float64], identity: Identity
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and bandwidths (Hz, shape (n, 11)) of a whole tract from its first three formants (n, 3).

    Above F3 the tract is that of a neutral tube: a resonance every 1000 Hz times the identity's scale.
    """
    count = len(formants)
    neutral = (np.arange(3, _FORMANTS) + 0.5) * _NEUTRAL_SPACING_HZ
    frequencies = np.concatenate([formants, np.broadcast_to(neutral, (count, len(neutral)))], axis=1)
    scale = np.full(_FORMANTS, identity.tract_scale)
    scale[:4] *= 1.0 + np.array(identity.formant_offsets)
    frequencies = frequencies * scale
    bandwidths = (45.0 + 0.032 * frequencies + 3.2e-6 * frequencies**2) * identity.bandwidth_scale
    bandwidths = np.where(frequencies > _TOP_HZ, 3000.0, bandwidths)
    return np.clip(frequencies, 150.0, _TOP_HZ), bandwidths


def chain_response(
    frequencies: NDArray[np.float64], bandwidths: NDArray[np.float64], size: int
) -> NDArray[np.complex128]:
    """Response of resonators in cascade, of unit gain at 0 Hz: (n, k) poles to (n, size // 2 + 1) bins."""
    radius = np.exp(-np.pi * bandwidths / SAMPLE_RATE)
    first = 2.0 * radius * np.cos(2.0 * np.pi * frequencies / SAMPLE_RATE)
    second = -(radius**2)
    polynomial = np.zeros((len(frequencies), 2 * frequencies.shape[1] + 1))
    polynomial[:, 0] = 1.0
    for pole in range(frequencies.shape[1]):
        delayed = polynomial.copy()
        polynomial[:, 1:] -= first[:, pole, None] * delayed[:, :-1]
        polynomial[:, 2:] -= second[:, pole, None] * delayed[:, :-2]
    gain = np.prod(1.0 - first - second, axis=1)
    return np.asarray(gain[:, None] / np.fft.rfft(polynomial, size, axis=1))


def pair_response(
    zero_hz: NDArray[np.float64], pole_hz: float, bandwidth_hz: float, size: int
) -> NDArray[np.complex128]:
    """Response of a zero and a pole together, unit gain at 0 Hz; no effect where they coincide."""
    widths = np.full((len(zero_hz), 1), bandwidth_hz)
    poles = np.full((len(zero_hz), 1), pole_hz)
    return chain_response(poles, widths, size) / chain_response(zero_hz[:, None], widths, size)
