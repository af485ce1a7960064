"""Patterns: a bar's strokes, fitted to the chords that sound in it."""

from collections.abc import Iterator, Sequence

from media_gen.music.score import ChordSpan
from media_gen.music.style import Stroke

__all__ = ["laid_out"]


def laid_out(
    pattern: Sequence[Stroke], spans: Sequence[ChordSpan], meter: int, *, entry: str
) -> Iterator[tuple[float, float, int, Stroke]]:
    """(beat, length, index of the chord, stroke) for every stroke of every bar, none outlasting its chord.

    A chord that enters within a bar is struck as it enters, with the tone `entry`.
    """
    for bar in range(round(spans[-1].end / meter)):
        for stroke in _with_entries(pattern, spans, bar * meter, meter, entry):
            beat = bar * meter + stroke.beat
            index = next(index for index, span in enumerate(spans) if beat < span.end)
            yield beat, min(stroke.beats, spans[index].end - beat), index, stroke


def _with_entries(
    pattern: Sequence[Stroke], spans: Sequence[ChordSpan], start: float, meter: int, entry: str
) -> list[Stroke]:
    entries = [span.start - start for span in spans if start < span.start < start + meter]
    accents = {stroke.beat: stroke.accent for stroke in pattern}
    struck = [Stroke(beat, 1.0, entry, accents.get(beat, 0.9)) for beat in entries]
    return sorted(struck + [stroke for stroke in pattern if stroke.beat not in entries])
