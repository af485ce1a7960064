"""Stretching: a sound made longer at the same pitch, by a phase vocoder."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["stretched"]

_FRAME = 2048
_HOP = _FRAME // 4

Samples = NDArray[np.float64]


def stretched(samples: Samples, factor: float) -> Samples:
    """One channel, ``factor`` times as long.

    Each frame's magnitudes stay; its phases go on from the frame before by the frequency found between two frames of
    the sound as it was. Bins around a peak keep their phases towards it (identity phase locking).
    """
    window = np.hanning(_FRAME + 1)[:-1]
    padded = np.pad(samples, (_FRAME, 2 * _FRAME))
    count = int(np.ceil((len(samples) + _FRAME) * factor / _HOP))
    starts = (np.arange(count) * _HOP / factor).astype(np.int64)
    advance = 2 * np.pi * np.arange(_FRAME // 2 + 1) * _HOP / _FRAME
    result, weight = np.zeros(count * _HOP + _FRAME), np.zeros(count * _HOP + _FRAME)
    phases = np.zeros(_FRAME // 2 + 1)
    for number, start in enumerate(starts):
        now = np.fft.rfft(window * padded[start + _HOP : start + _HOP + _FRAME])
        before = np.fft.rfft(window * padded[start : start + _FRAME])
        turned = np.angle(now) - np.angle(before) - advance
        phases = phases + advance + turned - 2 * np.pi * np.round(turned / (2 * np.pi))
        phases = _locked(phases, now) if number else np.angle(now)
        frame = np.fft.irfft(np.abs(now) * np.exp(1j * phases)) * window
        result[number * _HOP : number * _HOP + _FRAME] += frame
        weight[number * _HOP : number * _HOP + _FRAME] += window**2
    first = round((_FRAME - _HOP) * factor)
    even = result / np.maximum(weight, 1e-3)
    return np.asarray(even[first : first + round(len(samples) * factor)])


def _locked(phases: Samples, spectrum: NDArray[np.complex128]) -> Samples:
    """Phases of peaks as they are, and of the bins around each as far from it as in the spectrum."""
    level = np.abs(spectrum)
    peaks = np.flatnonzero((level[1:-1] >= level[:-2]) & (level[1:-1] > level[2:])) + 1
    if not len(peaks):
        return phases
    bins = np.arange(len(level))
    nearest = peaks[np.searchsorted((peaks[1:] + peaks[:-1]) / 2, bins)]
    angle = np.angle(spectrum)
    return np.asarray(phases[nearest] + angle - angle[nearest])
