"""Measurements on rendered audio, independent of how it was made."""

import io
import wave
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import resample_poly

from media_gen.rendition import Rendition
from media_gen.voice.utterance import Utterance
from sim.seeds import rng_for


def spoken(seed: int = 7, **params: Any) -> Rendition:
    return Utterance(**params).render(rng=rng_for(seed, "test"))


def samples(rendition: Rendition) -> NDArray[np.float64]:
    with wave.open(io.BytesIO(rendition.file("audio").data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768.0


def level_db(audio: NDArray[np.float64], start: float, end: float) -> float:
    part = audio[round(start * 24_000) : round(end * 24_000)]
    return float(10 * np.log10((part**2).mean() + 1e-12))


def pitch_at(audio: NDArray[np.float64], time: float, near: float) -> float:
    """F0 by autocorrelation of 45 ms, within an octave around ``near``."""
    middle = round(time * 24_000)
    frame = audio[middle - 540 : middle + 540] * np.hanning(1080)
    lags = np.fft.irfft(np.abs(np.fft.rfft(frame, 4096)) ** 2)[:1080]
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(1080), 4096)) ** 2)[:1080]
    normed = lags / np.maximum(window, 1e-6 * window[0])
    low, high = int(24_000 / near / 1.4), int(24_000 / near * 1.4)
    peak = low + int(np.argmax(normed[low:high]))
    before, top, after = normed[peak - 1 : peak + 2]
    return 24_000 / (peak + 0.5 * (before - after) / (before - 2 * top + after))


def formants_at(audio: NDArray[np.float64], start: float, end: float) -> list[float]:
    """Resonances below 4 kHz by linear prediction (autocorrelation method, order 12 at 12 kHz)."""
    half = resample_poly(audio[round(start * 24_000) : round(end * 24_000)], 1, 2)
    emphasised = np.append(half[0], half[1:] - 0.9 * half[:-1]) * np.hamming(len(half))
    lags = np.correlate(emphasised, emphasised, "full")[len(half) - 1 :][:13]
    predictor = solve_toeplitz(lags[:12], lags[1:13])
    roots = np.roots(np.append(1.0, -predictor))
    roots = roots[roots.imag > 0]
    frequencies, widths = np.angle(roots) * 12_000 / (2 * np.pi), -np.log(np.abs(roots)) * 12_000 / np.pi
    return sorted(float(f) for f, w in zip(frequencies, widths, strict=True) if 150 < f < 4000 and w < 450)
