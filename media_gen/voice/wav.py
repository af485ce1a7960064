"""WAV files: mono, 16-bit PCM."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

__all__ = ["pcm16", "wav_bytes"]


def pcm16(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    """Samples in [-1, 1] as 16-bit integers; louder ones are clipped."""
    return np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")


def wav_bytes(samples: NDArray[np.int16], sample_rate: int) -> bytes:
    """A WAV file of 16-bit samples."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()
