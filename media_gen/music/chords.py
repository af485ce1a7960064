"""Chords: the functions of each mode, with Roman numerals and labels after Harte et al. (2005)."""

from dataclasses import dataclass
from typing import Literal

from media_gen.music.pitch import Key, Mode

__all__ = ["VOCABULARY", "Chord", "Function"]

Function = Literal["tonic", "subdominant", "dominant"]

_INTERVALS = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "hdim7": (0, 3, 6, 10),
}
_SUFFIX = {"maj": "", "min": "", "dim": "°", "7": "7", "maj7": "maj7", "min7": "7", "hdim7": "ø7"}
_SEVENTH = {"maj": "maj7", "min": "min7", "dim": "hdim7"}


@dataclass(frozen=True)
class Chord:
    """A chord relative to its key: scale degree, semitones of the root above the tonic, quality, function.

    >>> dominant = VOCABULARY["minor"]["V"].with_seventh()
    >>> dominant.roman, dominant.label(Key.named("E", "minor"))
    ('V7', 'B:7')
    """

    numeral: str
    degree: int
    semitones: int
    quality: str
    function: Function
    weight: float = 1.0

    @property
    def roman(self) -> str:
        """Roman numeral with its quality."""
        return self.numeral + _SUFFIX[self.quality]

    def label(self, key: Key) -> str:
        """Harte label in a key, e.g. "F#:min7"."""
        return f"{key.spell(self.degree, self.semitones)}:{self.quality}"

    def root(self, key: Key) -> int:
        """Pitch class of the root."""
        return (key.tonic + self.semitones) % 12

    def pitch_classes(self, key: Key) -> tuple[int, ...]:
        """Pitch classes from the root upwards."""
        return tuple((self.root(key) + interval) % 12 for interval in _INTERVALS[self.quality])

    def with_seventh(self) -> "Chord":
        """The same chord with the seventh that its function asks for."""
        dominant = self.function == "dominant" and self.quality == "maj"
        quality = "7" if dominant else _SEVENTH.get(self.quality, self.quality)
        return Chord(self.numeral, self.degree, self.semitones, quality, self.function, self.weight)


def _table(*chords: Chord) -> dict[str, Chord]:
    return {chord.numeral: chord for chord in chords}


VOCABULARY: dict[Mode, dict[str, Chord]] = {
    "major": _table(
        Chord("I", 1, 0, "maj", "tonic", 5),
        Chord("vi", 6, 9, "min", "tonic", 3),
        Chord("iii", 3, 4, "min", "tonic", 1),
        Chord("IV", 4, 5, "maj", "subdominant", 4),
        Chord("ii", 2, 2, "min", "subdominant", 3),
        Chord("bVII", 7, 10, "maj", "subdominant", 0),
        Chord("V", 5, 7, "maj", "dominant", 5),
        Chord("vii", 7, 11, "dim", "dominant", 0.3),
    ),
    "minor": _table(
        Chord("i", 1, 0, "min", "tonic", 5),
        Chord("III", 3, 3, "maj", "tonic", 2),
        Chord("VI", 6, 8, "maj", "subdominant", 3),
        Chord("iv", 4, 5, "min", "subdominant", 4),
        Chord("ii", 2, 2, "dim", "subdominant", 0.5),
        Chord("VII", 7, 10, "maj", "subdominant", 2),
        Chord("V", 5, 7, "maj", "dominant", 5),
        Chord("v", 5, 7, "min", "dominant", 0.5),
    ),
}
