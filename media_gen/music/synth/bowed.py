"""Bowed, blown and oscillator voices: a steady spectrum with vibrato, breath and drive."""

from dataclasses import dataclass

import numpy as np

from media_gen.music.synth.voice import SAMPLE_RATE, Samples, harmonic_levels, rising

__all__ = ["Bowed"]


@dataclass(frozen=True)
class Bowed:
    """Harmonics of one phase that wavers: vibrato of `vibrato` cents sets in after `delay` seconds.

    `mellowing` is the rate (1/s) at which the harmonics above the first fade to `sustain` of their level;
    `breath` is the level of band-limited noise; `drive` bends the wave (tanh) as an amplifier does.
    """

    partials: int = 16
    tilt: float = 1.0
    even: float = 1.0
    vibrato: float = 0.0
    rate: float = 5.3
    delay: float = 0.2
    attack: float = 0.02
    release: float = 0.1
    mellowing: float = 2.0
    sustain: float = 0.7
    breath: float = 0.0
    drive: float = 0.0

    def tone(self, hertz: float, seconds: float, *, rng: np.random.Generator) -> Samples:
        """The note as long as it is held."""
        time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        levels = harmonic_levels(self.partials, hertz, tilt=self.tilt, even=self.even)
        levels /= np.sqrt((levels**2).sum())
        tone = self._harmonics(levels, self._phase(hertz, time), time)
        if self.breath:
            tone += self.breath * _hiss(len(time), hertz, rng)
        if self.drive:
            tone = np.tanh(self.drive * tone) / np.tanh(self.drive)
        return tone * rising(len(tone), self.attack)

    def _phase(self, hertz: float, time: Samples) -> Samples:
        """Phase in radians; a small vibrato's frequency deviation, integrated in closed form."""
        depth = hertz * (2.0 ** (self.vibrato / 1200) - 1) / self.rate
        onset = np.clip((time - self.delay) / 0.25, 0, 1)
        waver = depth * onset * np.sin(2 * np.pi * self.rate * (time - self.delay))
        return np.asarray(2 * np.pi * hertz * time + waver)

    def _harmonics(self, levels: Samples, phase: Samples, time: Samples) -> Samples:
        first = np.exp(1j * phase)
        rotating, upper = first.copy(), np.zeros(len(phase))
        for level in levels[1:]:
            rotating *= first
            upper += level * rotating.imag
        fade = self.sustain + (1 - self.sustain) * np.exp(-self.mellowing * time)
        return np.asarray(levels[0] * first.imag + upper * fade)


def _hiss(samples: int, hertz: float, rng: np.random.Generator) -> Samples:
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    band = np.exp(-(((frequencies - 3 * hertz) / (2 * hertz)) ** 2))
    noise = np.fft.irfft(spectrum * band, samples)
    return np.asarray(noise / max(1e-9, float(np.sqrt((noise**2).mean()))))
