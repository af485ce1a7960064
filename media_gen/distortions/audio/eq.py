"""Treble and bass turned."""

from typing import ClassVar, Literal

import numpy as np

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound

__all__ = ["Eq"]

_MOST = 18.0
_LOW, _HIGH = 250.0, 4_000.0


class Eq(AudioDistortion):
    """Turns the bass down and the treble up, or the other way round, by up to 18 dB from 250 Hz to 4 kHz.

    A tilt with zero phase: decibels grow evenly with the logarithm of the frequency between the two, and stay beyond.

    >>> Eq(strength=1).magnitude
    18.0
    """

    kind: Literal["eq"] = "eq"
    unit: ClassVar[str] = "dB from 250 Hz to 4 kHz, either way"

    @property
    def magnitude(self) -> float:
        """Decibels between 250 Hz and 4 kHz."""
        return _MOST * self.strength

    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound with another balance, as loud as before."""
        way = 1 if rng.integers(2) else -1
        count = len(sound.samples)
        if not self.strength or not count:
            return sound
        pitch = np.clip(np.fft.rfftfreq(2 * count, 1 / sound.rate), _LOW, _HIGH)
        decibels = way * self.magnitude * (np.log(pitch / _LOW) / np.log(_HIGH / _LOW) - 0.5)
        spectrum = np.fft.rfft(sound.samples, 2 * count, axis=0) * (10 ** (decibels / 20))[:, None]
        turned = np.fft.irfft(spectrum, 2 * count, axis=0)[:count]
        turned *= np.sqrt(np.mean(sound.samples**2) / max(float(np.mean(turned**2)), 1e-12))
        return Sound(turned, sound.rate).within_bounds()
