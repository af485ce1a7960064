"""Another register at the same tempo."""

from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from scipy.signal import resample_poly

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound
from media_gen.distortions.stretching import stretched

__all__ = ["Pitch"]

_MOST = 4.0


class Pitch(AudioDistortion):
    """Shifts all pitches up by as much as 4 semitones; the length stays.

    A phase vocoder stretches the sound (Flanagan and Golden 1966; phases locked as in Laroche and Dolson 1999), then
    it is resampled to its first length.

    >>> Pitch(strength=0.5).magnitude
    2.0
    """

    kind: Literal["pitch"] = "pitch"
    unit: ClassVar[str] = "semitones up"

    @property
    def magnitude(self) -> float:
        """Semitones up."""
        return _MOST * self.strength

    @property
    def transposition(self) -> float:
        """Semitones up."""
        return self.magnitude

    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound in its new register."""
        if not self.strength:
            return sound
        ratio = Fraction(2 ** (self.magnitude / 12)).limit_denominator(100)
        long = np.stack([stretched(channel, float(ratio)) for channel in sound.samples.T], axis=1)
        high = resample_poly(long, ratio.denominator, ratio.numerator, axis=0)[: len(sound.samples)]
        missing = len(sound.samples) - len(high)
        high = np.pad(high, ((0, missing), (0, 0)))
        return Sound(high, sound.rate).within_bounds()
