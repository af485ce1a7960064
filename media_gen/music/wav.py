"""WAV: samples as 16-bit PCM."""

import io
import wave

import numpy as np

from media_gen.music.synth.voice import SAMPLE_RATE, Samples

__all__ = ["wav_bytes"]


def wav_bytes(audio: Samples) -> bytes:
    """Samples × channels in -1 to 1 as a 16-bit WAV file; what lies outside is cut off."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(audio.shape[1])
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(np.round(np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()
