"""Struck and plucked strings, bars and pads: a sum of partials that each decay at their own rate."""

from dataclasses import dataclass

import numpy as np

from media_gen.music.synth.voice import SAMPLE_RATE, Samples, harmonic_levels, rising

__all__ = ["Struck"]

_BLOCK = 256
_ROWS = 8  # few enough to keep the product on one thread, which is faster beside busy neighbours


@dataclass(frozen=True)
class Struck:
    """Damped partials (modal synthesis).

    `decay` is the first partial's rate at 440 Hz in 1/s and `damping` what each further partial adds, both
    growing with the square root of frequency; `stretch` is the inharmonicity coefficient B of a stiff string
    (Fletcher 1964); `detune` lists strings of the same note in cents.
    """

    partials: int = 14
    tilt: float = 1.1
    even: float = 1.0
    position: float = 0.0
    decay: float = 1.2
    damping: float = 0.9
    stretch: float = 0.0
    detune: tuple[float, ...] = (0.0,)
    attack: float = 0.003
    release: float = 0.15
    ratios: tuple[float, ...] = ()
    """Frequencies of the partials relative to the note, in place of harmonics (bars, bells)."""

    def tone(self, hertz: float, seconds: float, *, rng: np.random.Generator) -> Samples:
        """The note as long as it is held; each string starts at a phase of its own."""
        levels, frequencies, rates = self._partials(hertz)
        phases = rng.uniform(0, 2 * np.pi, len(levels)) if len(self.detune) > 1 else np.zeros(len(levels))
        tone = _damped(
            levels / np.sqrt((levels**2).sum()), frequencies, rates, phases, round(seconds * SAMPLE_RATE)
        )
        return tone * rising(len(tone), self.attack)

    def _partials(self, hertz: float) -> tuple[Samples, Samples, Samples]:
        levels = harmonic_levels(self.partials, hertz, tilt=self.tilt, even=self.even, position=self.position)
        order: Samples = np.arange(1.0, len(levels) + 1)
        if self.ratios:
            order = np.array([ratio for ratio in self.ratios if ratio * hertz < 0.45 * SAMPLE_RATE])
            levels = np.asarray(order ** -float(self.tilt), dtype=np.float64)
        frequencies = hertz * order * np.sqrt(1 + self.stretch * order**2)
        rates = (self.decay + self.damping * (order - 1)) * np.sqrt(hertz / 440)
        strings = 2.0 ** (np.array(self.detune) / 1200)
        return (
            np.tile(levels, len(strings)),
            np.outer(strings, frequencies).ravel(),
            np.tile(rates, len(strings)),
        )


def _damped(levels: Samples, frequencies: Samples, rates: Samples, phases: Samples, samples: int) -> Samples:
    """Σ level·exp(-rate·t)·sin(2πft + phase), as one matrix product: exp(s(t₁+t₂)) = exp(s·t₁)·exp(s·t₂)."""
    poles = (2j * np.pi * frequencies - rates) / SAMPLE_RATE
    blocks = -(-samples // (_BLOCK * _ROWS)) * _ROWS
    coarse = np.exp(np.outer(np.arange(blocks) * _BLOCK, poles)) * (levels * np.exp(1j * phases))
    fine = np.exp(np.outer(poles, np.arange(_BLOCK)))
    left = np.concatenate((coarse.imag, coarse.real), axis=1)
    right = np.concatenate((fine.real, fine.imag), axis=0)
    return np.asarray((left.reshape(-1, _ROWS, left.shape[1]) @ right).ravel()[:samples])
