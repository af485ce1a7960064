"""A room: reverberation as convolution with decaying noise (Moorer 1979)."""

import numpy as np

from media_gen.music.synth.voice import SAMPLE_RATE, Samples

__all__ = ["impulse_response", "reverberate"]

_BEFORE_FIRST_ECHO = 0.012
_BLOCK = 1 << 16


def impulse_response(seconds: float, *, rng: np.random.Generator) -> Samples:
    """Noise of unit energy that falls by 60 dB in `seconds`, treble darkened, after a short silence."""
    samples = round(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    dark = spectrum * (frequencies / (frequencies + 150)) / (1 + (frequencies / 3500) ** 2)
    tail = np.fft.irfft(dark, samples) * 10.0 ** (-3 * np.arange(samples) / samples)
    return np.concatenate(
        (np.zeros(round(_BEFORE_FIRST_ECHO * SAMPLE_RATE)), tail / np.sqrt((tail**2).sum()))
    )


def reverberate(dry: Samples, response: Samples) -> Samples:
    """The room's answer alone, as long as `dry`: convolution block by block (overlap-add)."""
    size = max(_BLOCK, 1 << (2 * len(response) - 1).bit_length())
    step = size - len(response) + 1
    transfer = np.fft.rfft(response, size)
    wet = np.zeros(len(dry) + size)
    for start in range(0, len(dry), step):
        wet[start : start + size] += np.fft.irfft(
            np.fft.rfft(dry[start : start + step], size) * transfer, size
        )
    return wet[: len(dry)]
