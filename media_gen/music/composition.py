"""Composition: a score for a style and a length; key, tempo, form and every note drawn from one seed."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from media_gen.music.arrangement import Arranger, Material
from media_gen.music.form import PlannedSection, plan
from media_gen.music.performance import perform
from media_gen.music.pitch import Key, Mode, Tonic
from media_gen.music.score import STEMS, ChordSpan, Note, Score, SectionSpan
from media_gen.music.style import Style
from media_gen.music.tempo import TempoMap, bars_that_fit, slowed_beats
from sim.seeds import rng_for

__all__ = ["FEWEST_BARS", "Brief", "compose", "ring_seconds"]

FEWEST_BARS = 2
"""A cadence needs two bars."""

_LIFTED_AFTER = 3


@dataclass(frozen=True)
class Brief:
    """What the composer is asked for; None leaves the choice to the draw."""

    style: Style
    seconds: float
    tempo: float | None = None
    key: Tonic | None = None
    mode: Mode | None = None


def ring_seconds(seconds: float) -> float:
    """How long the room may ring on after the last bar."""
    return min(0.8, 0.2 + 0.02 * seconds)


def compose(brief: Brief, *, seed: int) -> Score:
    """The score of a brief: music that ends, its last chord ringing, within the brief's seconds."""
    style = brief.style
    key = _key(brief, rng_for(seed, "key"))
    tempo = _tempo(brief, rng_for(seed, "tempo"))
    bars = len(tempo.microseconds) // style.meter
    form = plan(style.grammar, bars, fewest=style.fewest, rng=rng_for(seed, "form"))
    sections = _sections(form, style)
    materials = _materials(form, Arranger(style, key, seed))
    return Score(
        genre=style.kind,
        key=key,
        meter=style.meter,
        tempo=tempo,
        sections=sections,
        chords=_chords(sections, materials),
        stems=_stems(sections, materials, style, tempo, seed),
        seconds=brief.seconds,
    )


def _key(brief: Brief, rng: np.random.Generator) -> Key:
    tonic = int(rng.integers(12))
    drawn: Mode = "minor" if rng.random() < brief.style.minor else "major"
    mode = brief.mode or drawn
    return Key(tonic, mode) if brief.key is None else Key.named(brief.key, mode)


def _tempo(brief: Brief, rng: np.random.Generator) -> TempoMap:
    """The tempo asked for, or one drawn from the style's range; the last bar is held to fill the time.

    A drawn tempo gives way: slower, so that it fills half of what whole bars leave over, or faster, so that
    two bars fit at all.
    """
    style, room = brief.style, brief.seconds - ring_seconds(brief.seconds)
    bpm = brief.tempo or float(rng.uniform(*style.tempo))
    bars = max(FEWEST_BARS, bars_that_fit(room, bpm, style.meter, style.ritard))
    lengths = slowed_beats(bars, style.meter, style.ritard)
    over = room * bpm / 60 - lengths.sum()
    beat = 60 / bpm if brief.tempo else room / (lengths.sum() + max(0.0, over) / 2)
    seconds = lengths * beat
    seconds[-style.meter :] += (room - seconds.sum()) / style.meter
    return TempoMap(tuple(int(length) for length in np.floor(seconds * 1e6 + 1e-3)))


def _sections(form: list[PlannedSection], style: Style) -> tuple[SectionSpan, ...]:
    starts = np.cumsum([0] + [section.bars * style.meter for section in form])
    lifted = _lifted_from(form) if style.lift else len(form)
    return tuple(
        SectionSpan(
            int(start), section.bars * style.meter, section.label, style.lift if index >= lifted else 0
        )
        for index, (start, section) in enumerate(zip(starts, form, strict=False))
    )


def _lifted_from(form: list[PlannedSection]) -> int:
    """The index of the last body section, if it has been heard often enough; else beyond the form."""
    body = [section.label for section in form[:-1]]
    return len(body) - 1 if body and Counter(body)[body[-1]] >= _LIFTED_AFTER else len(form)


def _materials(form: list[PlannedSection], arranger: Arranger) -> list[Material]:
    written = {section: arranger.section(section) for section in dict.fromkeys(form[:-1])}
    return [*(written[section] for section in form[:-1]), arranger.ending(form[-1], alone=len(form) == 1)]


def _chords(sections: tuple[SectionSpan, ...], materials: list[Material]) -> tuple[ChordSpan, ...]:
    return tuple(
        span.shifted(section.start, section.lift)
        for section, material in zip(sections, materials, strict=True)
        for span in material.chords
    )


def _stems(
    sections: tuple[SectionSpan, ...], materials: list[Material], style: Style, tempo: TempoMap, seed: int
) -> dict[str, tuple[Note, ...]]:
    stems = {}
    for stem in STEMS:
        written = [
            _placed(note, section, stem)
            for section, material in zip(sections, materials, strict=True)
            for note in material.stems.get(stem, ())
        ]
        if written:
            stems[stem] = perform(
                written,
                swing=style.swing,
                looseness=style.looseness * tempo.bpm / 60,
                last_beat=len(tempo.microseconds),
                rng=rng_for(seed, "performance", stem),
            )
    return stems


def _placed(note: Note, section: SectionSpan, stem: str) -> Note:
    lift = 0 if stem == "drums" else section.lift
    return Note(note.start + section.start, note.beats, note.pitch + lift, note.velocity)
