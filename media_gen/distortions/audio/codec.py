"""The sound through a telephone."""

from math import gcd
from typing import ClassVar, Literal

import numpy as np
from scipy.signal import butter, resample_poly, sosfiltfilt

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound

__all__ = ["Codec"]

_TELEPHONE = 8_000
_BAND = (300.0, 3400.0)
_MU = 255.0
_FINEST, _COARSEST = 8.0, 4.0


class Codec(AudioDistortion):
    """Sends the sound through a telephone: 300 to 3400 Hz, 8,000 samples a second in µ-law.

    ITU-T G.711 at 64 kbit/s with little strength, down to 4 bits a sample (32 kbit/s, the rate of G.726) with full.

    >>> Codec(strength=0).magnitude, Codec(strength=1).magnitude
    (0.0, 32.0)
    """

    kind: Literal["codec"] = "codec"
    unit: ClassVar[str] = "kbit/s, 0 for none"

    @property
    def magnitude(self) -> float:
        """Kilobits a second for a channel; 0 if it is not coded."""
        return self._bits * _TELEPHONE / 1000 if self.strength else 0.0

    @property
    def _bits(self) -> int:
        return round(_FINEST + (_COARSEST - _FINEST) * self.strength)

    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound as the other side hears it."""
        if not self.strength:
            return sound
        common = gcd(sound.rate, _TELEPHONE)
        up, down = _TELEPHONE // common, sound.rate // common
        sections = butter(4, _BAND, "bandpass", fs=_TELEPHONE, output="sos")
        narrow = sosfiltfilt(sections, resample_poly(sound.samples, up, down, axis=0), axis=0)
        heard = resample_poly(self._coded(narrow), down, up, axis=0)[: len(sound.samples)]
        heard = np.pad(heard, ((0, len(sound.samples) - len(heard)), (0, 0)))
        return Sound(heard, sound.rate).within_bounds()

    def _coded(self, samples: np.ndarray) -> np.ndarray:
        """Samples after µ-law companding with so many bits."""
        levels = 2 ** (self._bits - 1) - 1
        pressed = np.sign(samples) * np.log1p(_MU * np.minimum(np.abs(samples), 1)) / np.log1p(_MU)
        coarse = np.round(pressed * levels) / levels
        return np.asarray(np.sign(coarse) * np.expm1(np.abs(coarse) * np.log1p(_MU)) / _MU)
