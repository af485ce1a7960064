"""Tempo: how long each beat lasts, and how many bars fit into a length."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["TempoMap", "bars_that_fit", "slowed_beats"]


@dataclass(frozen=True)
class TempoMap:
    """The length of every beat in whole microseconds, as a MIDI file stores it.

    >>> TempoMap((500_000, 500_000, 600_000)).seconds(2.5).item()
    1.3
    """

    microseconds: tuple[int, ...]

    @property
    def bpm(self) -> float:
        """The main tempo in beats per minute: that of the first beat."""
        return 60e6 / self.microseconds[0]

    def seconds(self, beat: ArrayLike) -> NDArray[np.float64]:
        """Time in seconds of any beats (fractions too) from the start to the end of the piece."""
        ends = np.concatenate(([0], np.cumsum(self.microseconds))) / 1e6
        return np.interp(np.asarray(beat, dtype=np.float64), np.arange(len(ends)), ends)

    def changes(self) -> list[tuple[int, int]]:
        """(beat, microseconds per beat) wherever the tempo is set anew."""
        lengths = self.microseconds
        return [(beat, us) for beat, us in enumerate(lengths) if beat == 0 or us != lengths[beat - 1]]


def slowed_beats(bars: int, meter: int, ritard: float) -> NDArray[np.float64]:
    """Lengths of the beats in units of the first: even, then growing to `ritard` in the last two bars."""
    beats = np.ones(bars * meter)
    beats[-2 * meter : -meter] = np.linspace(1, ritard, meter, endpoint=False)
    beats[-meter:] = ritard
    return beats


def bars_that_fit(seconds: float, bpm: float, meter: int, ritard: float) -> int:
    """The most whole bars, with the ritardando at their end, that last no longer than `seconds`."""
    beats = seconds * bpm / 60
    slowdown = float((slowed_beats(2, meter, ritard) - 1).sum())
    return int((beats - slowdown) / meter + 1e-9)
