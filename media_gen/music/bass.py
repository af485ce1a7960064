"""Bass: a style's pattern on the roots of the chords."""

from collections.abc import Sequence

from media_gen.music.pattern import laid_out
from media_gen.music.score import ChordSpan, Note
from media_gen.music.style import Stroke

__all__ = ["bass_line", "lowest_root"]

_LOWEST = 33
_CHORD_TONES = {"third": 1, "fifth": 2}


def bass_line(spans: Sequence[ChordSpan], meter: int, pattern: Sequence[Stroke]) -> tuple[Note, ...]:
    """The pattern in every bar from beat 0; a new chord begins with its root."""
    return tuple(
        Note(beat, length, _pitch(stroke.tone, spans[index : index + 2]), stroke.accent)
        for beat, length, index, stroke in laid_out(pattern, spans, meter, entry="root")
    )


def lowest_root(span: ChordSpan) -> int:
    """The chord's root in the bass's lowest octave."""
    return _LOWEST + (span.chord.root(span.key) - _LOWEST) % 12


def _pitch(tone: str, now_and_next: Sequence[ChordSpan]) -> int:
    root, goal = lowest_root(now_and_next[0]), lowest_root(now_and_next[-1])
    if tone == "approach":
        return goal - 1 if goal > _LOWEST else goal + 2
    if tone in _CHORD_TONES:
        classes = now_and_next[0].chord.pitch_classes(now_and_next[0].key)
        return root + (classes[_CHORD_TONES[tone]] - classes[0]) % 12
    return root + {"root": 0, "octave": 12}[tone]
