"""Drum kits: each drum a falling tone and a band of noise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from media_gen.music.drums import DRUMS
from media_gen.music.synth.voice import SAMPLE_RATE, Samples, rising

__all__ = ["KITS", "Drum"]


@dataclass(frozen=True)
class Drum:
    """A drum's sound: a tone that falls, and noise between two frequencies.

    The tone starts `drop` (relative) too high and falls within `fall` seconds; `ring` and `hiss` are the
    times in seconds in which tone and noise fall to 1/e; frequencies in Hz, levels about 1.
    """

    hertz: float = 0.0
    drop: float = 0.0
    fall: float = 0.03
    ring: float = 0.1
    tone: float = 1.0
    low: float = 2000.0
    high: float = 9000.0
    hiss: float = 0.05
    noise: float = 0.0

    def hit(self, *, rng: np.random.Generator) -> Samples:
        """One stroke, until it has died away."""
        samples = round(6 * max(self.ring if self.hertz else 0, self.hiss if self.noise else 0) * SAMPLE_RATE)
        time = np.arange(samples) / SAMPLE_RATE
        sound = np.zeros(samples)
        if self.hertz:
            turn = time + self.drop * self.fall * (1 - np.exp(-time / self.fall))
            sound += self.tone * np.sin(2 * np.pi * self.hertz * turn) * np.exp(-time / self.ring)
        if self.noise:
            sound += self.noise * self._noise(samples, rng) * np.exp(-time / self.hiss)
        return sound * rising(samples, 0.001)

    def _noise(self, samples: int, rng: np.random.Generator) -> Samples:
        spectrum = np.fft.rfft(rng.standard_normal(samples))
        frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
        noise = np.fft.irfft(
            np.where((frequencies > self.low) & (frequencies < self.high), spectrum, 0), samples
        )
        return np.asarray(noise / np.sqrt((noise**2).mean()))


_ACOUSTIC = {
    "kick": Drum(52, drop=2.2, ring=0.11, tone=1.3, noise=0.12, low=1500, high=5000, hiss=0.006),
    "snare": Drum(188, drop=0.3, ring=0.06, tone=0.5, noise=0.33, low=1200, high=9500, hiss=0.075),
    "rim": Drum(820, ring=0.02, tone=0.5, noise=0.2, low=2000, high=7000, hiss=0.012),
    "clap": Drum(noise=0.4, low=900, high=5000, hiss=0.07),
    "hat": Drum(noise=0.18, low=6500, high=10500, hiss=0.025),
    "open_hat": Drum(noise=0.18, low=6000, high=10500, hiss=0.13),
    "low_tom": Drum(98, drop=0.5, ring=0.16, tone=0.9, noise=0.05, hiss=0.01),
    "mid_tom": Drum(131, drop=0.5, ring=0.14, tone=0.9, noise=0.05, hiss=0.01),
    "high_tom": Drum(175, drop=0.5, ring=0.12, tone=0.9, noise=0.05, hiss=0.01),
    "crash": Drum(noise=0.22, low=3500, high=10500, hiss=0.35),
    "ride": Drum(3150, ring=0.12, tone=0.04, noise=0.1, low=5000, high=10500, hiss=0.12),
    "shaker": Drum(noise=0.12, low=4500, high=10000, hiss=0.03),
}
_ELECTRONIC = _ACOUSTIC | {
    "kick": Drum(48, drop=4.5, fall=0.025, ring=0.16, tone=1.5, noise=0.1, low=2000, high=8000, hiss=0.004),
    "snare": Drum(210, drop=0.6, ring=0.05, tone=0.4, noise=0.4, low=1800, high=10500, hiss=0.09),
    "clap": Drum(noise=0.42, low=1000, high=6000, hiss=0.09),
}
_DUSTY = {
    name: replace(drum, high=min(drum.high, 7500), noise=drum.noise * 0.7) for name, drum in _ACOUSTIC.items()
}

KITS: Mapping[str, Mapping[int, Drum]] = {
    name: {DRUMS[drum]: sound for drum, sound in kit.items()}
    for name, kit in {"acoustic": _ACOUSTIC, "electronic": _ELECTRONIC, "dusty": _DUSTY}.items()
}
"""Kits by name; each maps General MIDI drum numbers to sounds."""
