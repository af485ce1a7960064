"""Keys and pad: the accompaniment's chords, struck or broken in a pattern, and held."""

from collections.abc import Sequence

from media_gen.music.pattern import laid_out
from media_gen.music.score import ChordSpan, Note
from media_gen.music.style import Stroke

__all__ = ["comping", "held_chords"]

Voicings = Sequence[tuple[int, ...]]


def comping(
    spans: Sequence[ChordSpan], voicings: Voicings, meter: int, pattern: Sequence[Stroke]
) -> tuple[Note, ...]:
    """The pattern in every bar from beat 0; a new chord is struck in full."""
    return tuple(
        Note(beat, length, pitch, stroke.accent)
        for beat, length, index, stroke in laid_out(pattern, spans, meter, entry="chord")
        for pitch in _voices(stroke, voicings[index])
    )


def held_chords(spans: Sequence[ChordSpan], voicings: Voicings, *, octave: int = 0) -> tuple[Note, ...]:
    """Each chord held while it lasts."""
    return tuple(
        Note(span.start, span.beats * 0.97, pitch + 12 * octave, 1.0)
        for span, pitches in zip(spans, voicings, strict=True)
        for pitch in pitches
    )


def _voices(stroke: Stroke, pitches: tuple[int, ...]) -> tuple[int, ...]:
    if stroke.tone == "chord":
        return pitches
    voice = int(stroke.tone)
    return (pitches[voice % len(pitches)] + 12 * (voice // len(pitches)),)
