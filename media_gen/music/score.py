"""A score: what is played, in beats, and the tempo that turns beats into seconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from media_gen.music.chords import Chord
from media_gen.music.pitch import Key
from media_gen.music.tempo import TempoMap

__all__ = ["STEMS", "TICKS", "ChordSpan", "Note", "Score", "SectionSpan"]

STEMS = ("lead", "keys", "pad", "bass", "drums")
"""Every stem that a piece may have, foremost first."""

TICKS = 480
"""Ticks per beat (quarter note) of the grid on which every played note lies."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: onset and length in beats, MIDI pitch (or General MIDI drum), velocity 1 to 127."""

    start: float
    beats: float
    pitch: int
    velocity: float

    @property
    def end(self) -> float:
        """Release in beats."""
        return self.start + self.beats


@dataclass(frozen=True)
class ChordSpan:
    """A chord that holds from a beat for a number of beats."""

    start: float
    beats: float
    chord: Chord
    key: Key

    @property
    def end(self) -> float:
        """The beat at which the chord is left."""
        return self.start + self.beats

    def shifted(self, beats: float, semitones: int) -> "ChordSpan":
        """The chord at another place, in a transposed key."""
        return ChordSpan(self.start + beats, self.beats, self.chord, self.key.transposed(semitones))


@dataclass(frozen=True)
class SectionSpan:
    """A section of the form; sections with one label repeat the same material, `lift` semitones higher."""

    start: int
    beats: int
    label: str
    lift: int


@dataclass(frozen=True)
class Score:
    """A finished piece; `stems` maps a stem's name to its notes in time order, on the tick grid."""

    genre: str
    key: Key
    meter: int
    tempo: TempoMap
    sections: tuple[SectionSpan, ...]
    chords: tuple[ChordSpan, ...]
    stems: Mapping[str, tuple[Note, ...]]
    seconds: float
