"""Arrangement: what every stem plays in a section, once for each label, so that repeats are repeats."""

from collections.abc import Mapping
from dataclasses import dataclass

from media_gen.music.bass import bass_line, lowest_root
from media_gen.music.drums import beat_pattern, crash, fill
from media_gen.music.form import PlannedSection
from media_gen.music.keys import comping, held_chords
from media_gen.music.melody import melody
from media_gen.music.pitch import Key
from media_gen.music.progressions import Harmony, closing, period
from media_gen.music.score import ChordSpan, Note
from media_gen.music.style import Groove, Role, Style
from media_gen.music.voicing import voice_leading
from sim.seeds import rng_for

__all__ = ["Arranger", "Material"]

_BURST = 0.85  # from this energy on, a section starts with a crash
_VELOCITY = {"lead": 96, "keys": 74, "pad": 60, "bass": 90, "drums": 100}


@dataclass(frozen=True)
class Material:
    """A section's music in beats from its start: chords, and the notes of each stem with their velocities."""

    chords: tuple[ChordSpan, ...]
    stems: Mapping[str, tuple[Note, ...]]


class Arranger:
    """Writes sections of one piece; equal sections come out equal, whatever was written before."""

    def __init__(self, style: Style, key: Key, seed: int) -> None:
        self.style, self.key, self.seed = style, key, seed
        self.harmony = Harmony(
            key, style.meter, taste=style.taste, sevenths=style.sevenths, split=style.split
        )

    def section(self, section: PlannedSection) -> Material:
        """The material of an intro or body section."""
        role = self.style.roles[section.label]
        rng = rng_for(self.seed, "harmony", section.label)
        chords = period(self.harmony, section.bars, role.close, rng=rng)
        return _material(role, chords, self._stems(section, role, chords))

    def ending(self, section: PlannedSection, *, alone: bool) -> Material:
        """The final cadence: the section's groove up to the last bar, in which all hold the tonic."""
        role = self.style.roles[section.label]
        chords = closing(self.harmony, section.bars, alone=alone, rng=rng_for(self.seed, "harmony", "ending"))
        last = chords[-1]
        played = self._stems(section, role, chords)
        held = self._held(last)  # nothing of the groove reaches into the last bar
        stems = {
            stem: tuple(note for note in notes if note.start < last.start - 0.01) + held[stem]
            for stem, notes in played.items()
        }
        return _material(role, chords, stems)

    def _stems(
        self, section: PlannedSection, role: Role, chords: tuple[ChordSpan, ...]
    ) -> dict[str, tuple[Note, ...]]:
        style, meter = self.style, self.style.meter
        groove = style.grooves[role.groove]
        voices = voice_leading(chords)
        tune = melody(chords, self.key, meter, style.rhythms, rng=rng_for(self.seed, "melody", section.label))
        return {
            "lead": tune,
            "keys": comping(chords, voices, meter, groove.keys),
            "pad": held_chords(chords, voices, octave=1),
            "bass": bass_line(chords, meter, groove.bass),
            "drums": self._drums(section, role, groove),
        }

    def _drums(self, section: PlannedSection, role: Role, groove: Groove) -> tuple[Note, ...]:
        notes = beat_pattern(groove.drums, section.bars, self.style.meter)
        if self.style.fills and section.bars >= 4:
            end = section.bars * self.style.meter
            notes = fill(notes, end, rng=rng_for(self.seed, "fill", section.label))
        return crash(0) + notes if role.energy >= _BURST and groove.drums else notes

    def _held(self, last: ChordSpan) -> dict[str, tuple[Note, ...]]:
        voices = voice_leading([last])
        root = lowest_root(last)
        tonic = min((p for p in range(69, 81) if p % 12 == self.key.tonic), key=lambda pitch: abs(pitch - 75))
        beats = last.beats * 0.97
        return {
            "lead": (Note(last.start, beats, tonic, 1.0),),
            "keys": held_chords([last], voices),
            "pad": held_chords([last], voices, octave=1),
            "bass": (Note(last.start, beats, root, 1.0),),
            "drums": crash(last.start),
        }


def _material(role: Role, chords: tuple[ChordSpan, ...], stems: dict[str, tuple[Note, ...]]) -> Material:
    level = 0.6 + 0.4 * role.energy
    playing = {
        stem: _at_level(notes, _VELOCITY[stem] * level) for stem, notes in stems.items() if stem in role.stems
    }
    return Material(chords, playing)


def _at_level(notes: tuple[Note, ...], velocity: float) -> tuple[Note, ...]:
    return tuple(Note(note.start, note.beats, note.pitch, note.velocity * velocity) for note in notes)
