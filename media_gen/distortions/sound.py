"""A sound: samples in memory, as distortions and markers work on them."""

import io
import wave
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Samples", "Sound"]

Samples = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sound:
    """Samples x channels in -1 to 1, and how many there are a second."""

    samples: Samples
    rate: int

    @classmethod
    def of_wav(cls, data: bytes) -> "Sound":
        """The sound in a WAV file of 16-bit samples; ValueError if it has others."""
        with wave.open(io.BytesIO(data)) as file:
            if file.getsampwidth() != 2:
                bits = 8 * file.getsampwidth()
                raise ValueError(f"{bits}-bit samples cannot be read; convert the file to 16-bit PCM")
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
            return cls(pcm / 32768.0, file.getframerate())

    def within_bounds(self) -> "Sound":
        """The same, made quieter if a sample lies outside -1 to 1."""
        loudest = float(np.abs(self.samples).max(initial=0.0))
        return self if loudest <= 1 else Sound(self.samples / loudest, self.rate)
