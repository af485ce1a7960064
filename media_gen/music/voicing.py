"""Voicing: chords as notes that move as little as possible from one chord to the next."""

from collections.abc import Sequence

from media_gen.music.score import ChordSpan

__all__ = ["voice_leading", "voicings"]

_LOWEST = range(46, 61)
_CENTRE = 59


def voicings(pitch_classes: Sequence[int]) -> list[tuple[int, ...]]:
    """Every close position in the middle register, as ascending MIDI pitches.

    >>> voicings([0, 4, 7])
    [(48, 52, 55), (52, 55, 60), (55, 60, 64), (60, 64, 67)]
    """
    found = []
    for bottom in _LOWEST:
        if bottom % 12 in pitch_classes:
            found.append(tuple(sorted(bottom + (pc - bottom) % 12 for pc in pitch_classes)))
    return found


def voice_leading(spans: Sequence[ChordSpan]) -> tuple[tuple[int, ...], ...]:
    """One voicing for each chord, for the least movement (Tymoczko 2006) and in the middle register."""
    chosen: list[tuple[int, ...]] = []
    for span in spans:
        options = voicings(span.chord.pitch_classes(span.key))
        before = chosen[-1] if chosen else None
        chosen.append(min(options, key=lambda notes: (_cost(before, notes), notes)))
    return tuple(chosen)


def _cost(before: tuple[int, ...] | None, notes: tuple[int, ...]) -> float:
    strain = abs(sum(notes) / len(notes) - _CENTRE)
    return strain if before is None else _movement(before, notes) + 0.3 * strain


def _movement(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    forth = sum(min(abs(note - other) for other in before) for note in after)
    back = sum(min(abs(note - other) for other in after) for note in before)
    return forth + back
