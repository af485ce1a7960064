"""Frequency-modulated voices: electric pianos and plucked synthesisers (Chowning 1973)."""

from dataclasses import dataclass

import numpy as np

from media_gen.music.synth.voice import SAMPLE_RATE, Samples, rising

__all__ = ["Modulated"]


@dataclass(frozen=True)
class Modulated:
    """A carrier whose phase another sine swings; the swing fades faster than the note.

    `ratio` is the modulator's frequency relative to the note, `index` its first depth in radians, `fading`
    the depth's rate in 1/s, `decay` the note's; `tine` is the level of a short high partial at `tine_ratio`.
    """

    ratio: float = 1.0
    index: float = 1.5
    fading: float = 4.0
    decay: float = 1.2
    tine: float = 0.0
    tine_ratio: float = 14.0
    tremolo: float = 0.0
    attack: float = 0.004
    release: float = 0.2

    def tone(self, hertz: float, seconds: float, *, rng: np.random.Generator) -> Samples:
        """The note as long as it is held."""
        time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        turn = 2 * np.pi * hertz * time
        depth = self.index * np.exp(-self.fading * time) * min(1.0, 2000 / hertz / max(1.0, self.ratio) / 4)
        tone = np.sin(turn + depth * np.sin(self.ratio * turn)) * np.exp(-self.decay * time)
        if self.tine and self.tine_ratio * hertz < 0.45 * SAMPLE_RATE:
            tone += self.tine * np.sin(self.tine_ratio * turn) * np.exp(-12 * time)
        if self.tremolo:
            tone *= 1 - self.tremolo * (0.5 - 0.5 * np.cos(2 * np.pi * 4.6 * time))
        return np.asarray(tone * rising(len(tone), self.attack))
