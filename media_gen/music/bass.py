"""Bass: a style's pattern on the roots of the chords."""

from collections.abc import Sequence

from media_gen.music.score import ChordSpan, Note
from media_gen.music.style import Stroke

__all__ = ["bass_line", "lowest_root"]

_LOWEST = 33


def bass_line(spans: Sequence[ChordSpan], meter: int, pattern: Sequence[Stroke]) -> tuple[Note, ...]:
    """The pattern in every bar from beat 0; a chord that enters between strokes gets its root at once."""
    notes = []
    for bar in range(round(spans[-1].end / meter)):
        for stroke in _with_entries(spans, bar * meter, meter, pattern):
            beat = bar * meter + stroke.beat
            here = next(index for index, span in enumerate(spans) if beat < span.end)
            after = spans[min(here + 1, len(spans) - 1)]
            pitch = _pitch(stroke.tone, spans[here], after)
            notes.append(Note(beat, min(stroke.beats, spans[here].end - beat), pitch, stroke.accent))
    return tuple(notes)


def lowest_root(span: ChordSpan) -> int:
    """The chord's root in the bass's lowest octave."""
    return _LOWEST + (span.chord.root(span.key) - _LOWEST) % 12


def _with_entries(
    spans: Sequence[ChordSpan], start: float, meter: int, pattern: Sequence[Stroke]
) -> list[Stroke]:
    entries = [span.start - start for span in spans if start < span.start < start + meter]
    kept = [
        Stroke(stroke.beat, stroke.beats, "root", stroke.accent) if stroke.beat in entries else stroke
        for stroke in pattern
    ]
    missing = [beat for beat in entries if beat not in {stroke.beat for stroke in pattern}]
    return kept + [Stroke(beat, 1.0, "root") for beat in missing]


def _pitch(tone: str, span: ChordSpan, after: ChordSpan) -> int:
    root = lowest_root(span)
    classes = span.chord.pitch_classes(span.key)
    if tone == "approach":
        goal = lowest_root(after)
        return goal - 1 if goal > _LOWEST else goal + 2
    offsets = {"root": 0, "third": (classes[1] - classes[0]) % 12, "octave": 12}
    return root + (offsets[tone] if tone in offsets else (classes[2] - classes[0]) % 12)
