"""Pitch: note names, keys, scales, and the frequency of a MIDI note."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Key", "Mode", "Tonic", "frequency", "pitch_class"]

Tonic = Literal["C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B"]
Mode = Literal["major", "minor"]

_NATURALS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LETTERS = "CDEFGAB"
_STEPS = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_TONICS = {  # of two enharmonic keys, the one with fewer accidentals
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}


def pitch_class(name: str) -> int:
    """Semitones above C, 0 to 11, of a note name such as "Eb".

    >>> pitch_class("Eb"), pitch_class("B#")
    (3, 0)
    """
    return (_NATURALS[name[0]] + name.count("#") - name.count("b")) % 12


def frequency(pitch: float) -> float:
    """Frequency in Hz of a MIDI note number in equal temperament, A4 (69) at 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


@dataclass(frozen=True)
class Key:
    """A tonic (pitch class) and a mode.

    >>> Key.named("D#", "major").name
    'Eb:major'
    """

    tonic: int
    mode: Mode

    @classmethod
    def named(cls, tonic: Tonic, mode: Mode) -> "Key":
        """The key of a tonic's name; an enharmonic name gives the same key."""
        return cls(pitch_class(tonic), mode)

    @property
    def tonic_name(self) -> str:
        """The tonic, spelled as in the key signature with fewer accidentals."""
        return _TONICS[self.mode][self.tonic]

    @property
    def name(self) -> str:
        """Tonic and mode as in the JAMS namespace key_mode."""
        return f"{self.tonic_name}:{self.mode}"

    @property
    def steps(self) -> tuple[int, ...]:
        """Semitones of the seven degrees above the tonic."""
        return _STEPS[self.mode]

    def transposed(self, semitones: int) -> "Key":
        """The key of the same mode, so many semitones higher."""
        return Key((self.tonic + semitones) % 12, self.mode)

    def spell(self, degree: int, semitones: int) -> str:
        """The name of a note: its letter from the scale degree (1 to 7), its accidental from the semitones.

        >>> Key.named("A", "major").spell(3, 4), Key.named("F", "minor").spell(6, 8)
        ('C#', 'Db')
        """
        letter = _LETTERS[(_LETTERS.index(self.tonic_name[0]) + degree - 1) % 7]
        shift = (self.tonic + semitones - _NATURALS[letter] + 6) % 12 - 6
        return letter + ("#" * shift if shift > 0 else "b" * -shift)
