"""Tape speed."""

from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np
from scipy.signal import resample_poly

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound

__all__ = ["Speed"]

_MOST = 0.25


class Speed(AudioDistortion):
    """Plays the sound up to a quarter faster, and higher, as a tape does.

    Fingerprints by spectral peaks fail beyond a few per cent (Wang 2003); uploads are played at 1.05 to 1.25.

    >>> Speed(strength=1).magnitude
    1.25
    """

    kind: Literal["speed"] = "speed"
    unit: ClassVar[str] = "times as fast"

    @property
    def magnitude(self) -> float:
        """How many times as fast."""
        return float(self._ratio)

    @property
    def tempo(self) -> float:
        """How many times as fast."""
        return self.magnitude

    @property
    def transposition(self) -> float:
        """Semitones up: a twelfth of an octave is a factor of 2 to the power of 1/12."""
        return 12 * float(np.log2(self.magnitude))

    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound at its new speed."""
        ratio = self._ratio
        if ratio == 1:
            return sound
        faster = resample_poly(sound.samples, ratio.denominator, ratio.numerator, axis=0)
        return Sound(faster, sound.rate).within_bounds()

    @property
    def _ratio(self) -> Fraction:
        return Fraction(round(100 * (1 + _MOST * self.strength)), 100)
