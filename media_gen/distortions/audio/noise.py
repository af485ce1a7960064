"""Hiss."""

from typing import ClassVar, Literal

import numpy as np

from media_gen.distortions.distortion import AudioDistortion
from media_gen.distortions.sound import Sound

__all__ = ["Noise"]

_CLEANEST, _WORST = 40.0, 0.0


class Noise(AudioDistortion):
    """Adds white noise, from 40 dB below the level of the sound down to as loud as the sound itself.

    The range in which speech and music taggers are usually tested (MUSAN; Snyder et al. 2015).

    >>> Noise(strength=0.5).magnitude
    20.0
    """

    kind: Literal["noise"] = "noise"
    unit: ClassVar[str] = "dB signal to noise"

    @property
    def magnitude(self) -> float:
        """Signal to noise ratio in decibels."""
        return _CLEANEST + (_WORST - _CLEANEST) * self.strength

    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound with hiss."""
        if not self.strength:
            return sound
        level = np.sqrt(np.mean(sound.samples**2)) * 10 ** (-self.magnitude / 20)
        noisy = sound.samples + level * rng.standard_normal(sound.samples.shape)
        return Sound(noisy, sound.rate).within_bounds()
