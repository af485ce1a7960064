"""The noisy sound: breath, aspiration, frication and bursts as white noise shaped frame by frame."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import HOP, SAMPLE_RATE
from media_gen.voice.identity import Identity
from media_gen.voice.phones import NoisePeak
from media_gen.voice.resonance import chain_response, tract_poles

__all__ = ["band_spectrum", "breath_spectra", "shaped_noise"]

_SIZE = 512
_BLOCK = 512
_MARGIN = (_SIZE - 2 * HOP) // 2
_BINS = np.arange(_SIZE // 2 + 1) * SAMPLE_RATE / _SIZE


@lru_cache(maxsize=1024)
def band_spectrum(peaks: tuple[NoisePeak, ...], scale: float) -> NDArray[np.float64]:
    """Magnitudes (257 bins) of noise bands with the peaks' powers; ``scale`` moves them with the tract."""
    power = np.zeros(len(_BINS))
    for centre, width, level in peaks:
        band = 1.0 / (1.0 + ((_BINS - centre * scale) / (0.5 * width)) ** 4)
        power += 10 ** (level / 10) * band / band.mean()
    return np.sqrt(power)


def breath_spectra(formants: NDArray[np.float64], identity: Identity) -> NDArray[np.float64]:
    """Magnitudes (n, 257) of unit-power breath noise through a tract damped by the open glottis."""
    frequencies, bandwidths = tract_poles(formants, identity)
    bandwidths[:, 0] += 200.0
    magnitude = np.abs(chain_response(frequencies, bandwidths, _SIZE)) * np.minimum(_BINS / 1500.0, 1.0)
    return np.asarray(magnitude / np.sqrt((magnitude**2).mean(axis=1, keepdims=True)))


def shaped_noise(
    rows: NDArray[np.int64],
    spectra: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    frames: int,
    *,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Noise with the magnitudes ``spectra(rows)`` in these rows of ``frames`` frames, silence elsewhere.

    Frames are weighted by a sine window of twice their length, so that their powers add to one.
    """
    total = np.zeros(frames * HOP + 2 * _SIZE)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        _overlap_add(total, _grains(spectra(block), rng=rng), block)
    return total[_SIZE : _SIZE + frames * HOP]


def _grains(spectra: NDArray[np.float64], *, rng: np.random.Generator) -> NDArray[np.float64]:
    window = np.sin(np.pi * (np.arange(2 * HOP) + 0.5) / (2 * HOP))
    grains = np.zeros((len(spectra), _SIZE))
    grains[:, _MARGIN : _MARGIN + 2 * HOP] = window * rng.standard_normal((len(spectra), 2 * HOP))
    return np.asarray(np.fft.irfft(np.fft.rfft(grains, axis=1) * spectra, _SIZE, axis=1))


def _overlap_add(total: NDArray[np.float64], grains: NDArray[np.float64], rows: NDArray[np.int64]) -> None:
    for row, grain in zip(rows, grains, strict=True):
        start = _SIZE + row * HOP - HOP // 2 - _MARGIN  # the window's middle falls on the frame's middle
        total[start : start + _SIZE] += grain
