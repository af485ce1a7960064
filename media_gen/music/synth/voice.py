"""What every voice offers, and the spectra that they share."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAMPLE_RATE", "Samples", "Voice", "harmonic_levels", "rising"]

SAMPLE_RATE = 22_050
"""Samples per second of all audio of this family."""

Samples = NDArray[np.float64]


class Voice(Protocol):
    """Sounds one note of any pitch."""

    @property
    def release(self) -> float:
        """Time in seconds in which a note dies away after it is let go."""
        ...

    def tone(self, hertz: float, seconds: float, *, rng: np.random.Generator) -> Samples:
        """The note as long as it is held, level about 1, starting at its onset."""
        ...


def harmonic_levels(
    partials: int, hertz: float, *, tilt: float, even: float, position: float = 0.0
) -> Samples:
    """Levels of the harmonics below 0.45 of the sample rate, at least one of them.

    They fall as h^-tilt; even ones are scaled by `even` (1 leaves them); a string struck at `position` of its
    length lacks the harmonics that have a node there (0: struck nowhere).
    """
    count = max(1, min(partials, int(0.45 * SAMPLE_RATE / hertz)))
    harmonics = np.arange(1, count + 1)
    levels = harmonics ** -float(tilt) * np.where(harmonics % 2 == 0, even, 1.0)
    levels *= np.abs(np.sin(np.pi * harmonics * position)) if position else 1.0
    return np.asarray(levels, dtype=np.float64)


def rising(samples: int, attack: float) -> Samples:
    """An attack: 0 to 1 in `attack` seconds along a raised cosine, then 1."""
    level = np.ones(samples)
    length = min(samples, max(1, round(attack * SAMPLE_RATE)))
    level[:length] = 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(1, round(attack * SAMPLE_RATE)))
    return level
