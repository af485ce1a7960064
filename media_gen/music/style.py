"""A style: all that a genre is, as data. A new style is one file in :mod:`media_gen.music.styles`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from media_gen.music.form import Expansions
from media_gen.music.progressions import Cadence
from sim.plugin import Family, Plugin

__all__ = ["STYLES", "Groove", "Role", "Stroke", "Style"]


class Stroke(NamedTuple):
    """One stroke of a bar's pattern: when (beat), how long (beats), what, and how loud (1 is normal).

    For the bass `tone` is "root", "third", "fifth", "octave" or "approach" (a step below the next root); for
    the keys it is "chord" or the number of one voice, from the lowest ("0"), as in a broken chord.
    """

    beat: float
    beats: float
    tone: str
    accent: float = 1.0


@dataclass(frozen=True)
class Groove:
    """What bass, keys and drums play in every bar.

    `drums` maps a drum (see :data:`media_gen.music.drums.DRUMS`) to a bar of sixteenths: "X" accent, "x"
    stroke, "o" ghost stroke, anything else silence; spaces are for the eye.
    """

    bass: tuple[Stroke, ...]
    keys: tuple[Stroke, ...]
    drums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Role:
    """How a section of the form is played: energy 0 to 1, its groove, who plays, and how it closes."""

    energy: float
    groove: str
    stems: frozenset[str]
    close: Cadence = "authentic"


class Style(Plugin):
    """A genre as data; subclasses set the defaults."""

    tempo: tuple[float, float]
    """Slowest and fastest usual tempo, beats per minute."""
    meter: Literal[3, 4] = 4
    """Beats (quarter notes) in a bar."""
    minor: float = 0.4
    """Share of pieces in minor."""
    grammar: Mapping[str, Expansions]
    """Form, from the symbol "song"; "intro" and "ending" are added around it."""
    fewest: int = 3
    """How many sections a piece should have at least, if its length allows."""
    roles: Mapping[str, Role]
    """How each section, "intro" and "ending" included, is played."""
    grooves: Mapping[str, Groove]
    """Patterns by name."""
    rhythms: tuple[tuple[float, ...], ...]
    """Melody rhythms of one bar: lengths in beats, rests negative."""
    taste: Mapping[str, float] = {}
    """Weights of chords by numeral, where they differ from common practice."""
    sevenths: bool = False
    """Whether all chords carry sevenths."""
    split: float = 0.3
    """Chance that the bar before a cadence holds two chords."""
    instruments: Mapping[str, str]
    """Instrument of each stem but the drums (see :data:`media_gen.music.synth.instruments.INSTRUMENTS`)."""
    kit: str = "acoustic"
    """Drum kit (see :data:`media_gen.music.synth.kits.KITS`)."""
    fills: bool = True
    """Whether a section ends with a drum fill."""
    swing: float = 0.5
    """Where in the beat the off-beat falls: 0.5 straight, 0.67 triplets."""
    looseness: float = 0.005
    """Standard deviation of the players' timing, seconds."""
    ritard: float = 1.0
    """Length of the last beats relative to the first."""
    lift: int = 0
    """Semitones by which the last of three or more repeats of a section is raised."""
    balance: Mapping[str, float] = {}
    """Decibels added to stems in the mix."""
    reverberation: float = 0.9
    """Time in seconds in which the room's sound falls by 60 dB."""
    wetness: float = 0.2
    """Level of the room relative to the direct sound."""


STYLES: Family[Style] = Family("style", Style, "media_gen.music.styles")
