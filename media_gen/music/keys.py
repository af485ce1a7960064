"""Keys and pad: the accompaniment's chords, struck or broken in a pattern, and held."""

from collections.abc import Sequence

from media_gen.music.score import ChordSpan, Note
from media_gen.music.style import Stroke

__all__ = ["comping", "held_chords"]

Voicings = Sequence[tuple[int, ...]]


def comping(
    spans: Sequence[ChordSpan], voicings: Voicings, meter: int, pattern: Sequence[Stroke]
) -> tuple[Note, ...]:
    """The pattern in every bar from beat 0, no stroke outlasting its chord."""
    notes = []
    for bar in range(round(spans[-1].end / meter)):
        for stroke in pattern:
            beat = bar * meter + stroke.beat
            here = next(index for index, span in enumerate(spans) if beat < span.end)
            length = min(stroke.beats, spans[here].end - beat)
            notes += [Note(beat, length, pitch, stroke.accent) for pitch in _voices(stroke, voicings[here])]
    return tuple(notes)


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
