"""The duration model: how long each phone lasts (Klatt 1979, "Synthesis by rule of segmental durations").

A phone's duration is ``(inherent - minimum) * share + minimum``: rules multiply the share, so that nothing
shrinks below what an articulation needs.
"""

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import FRAME_MS
from media_gen.voice.language import Rhythm
from media_gen.voice.plan import Segment

__all__ = ["frame_counts"]

_EDGE_MS = {"start": 60.0, "end": 150.0}
_PAUSE_MS = {"continuation": 220.0, "statement": 420.0, "question": 420.0, "exclamation": 420.0}


def frame_counts(segments: list[Segment], rhythm: Rhythm, tempo: float) -> NDArray[np.int64]:
    """Whole frames (5 ms) for each segment, at least two; ``tempo`` 1 is an unhurried reading."""
    milliseconds = [_milliseconds(segments, i, rhythm) for i in range(len(segments))]
    frames = np.rint(np.array(milliseconds) / (tempo * rhythm.tempo * FRAME_MS)).astype(np.int64)
    return np.maximum(frames, 2)


def _milliseconds(segments: list[Segment], i: int, rhythm: Rhythm) -> float:
    segment = segments[i]
    if segment.phone.manner == "pause":
        return _pause_ms(segments, i)
    share = _vowel_share(segments, i, rhythm) if segment.phone.is_vowel else _consonant_share(segments, i)
    if segment.final:
        share *= rhythm.final
    length = segment.phone.minimum_ms + (segment.phone.inherent_ms - segment.phone.minimum_ms) * share
    return length * (1.55 if segment.long else 1.0)


def _pause_ms(segments: list[Segment], i: int) -> float:
    if i in (0, len(segments) - 1):
        return _EDGE_MS["start" if i == 0 else "end"]
    return _PAUSE_MS[segments[i].boundary or "statement"]


def _vowel_share(segments: list[Segment], i: int, rhythm: Rhythm) -> float:
    segment, following = segments[i], segments[i + 1]
    share = 1.0 if segment.stress == 1 else 0.85 if segment.stress == 2 else rhythm.unstressed
    if segment.syllables > 1:
        share *= 0.88
    if segment.syllables > 3:
        share *= 0.92
    if not segment.final:
        share *= 0.8
    if following.phone.is_voiceless and following.phone.is_obstruent:
        share *= 0.78  # vowels are clipped before voiceless consonants
    return share


def _consonant_share(segments: list[Segment], i: int) -> float:
    segment, before, after = segments[i], segments[i - 1], segments[i + 1]
    share = 1.0 if segment.word_initial else 0.85
    if not after.phone.is_vowel and after.phone.manner != "pause":
        share *= 0.72
    if not before.phone.is_vowel and before.phone.manner != "pause":
        share *= 0.75
    if after.phone.is_vowel and after.stress == 0:
        share *= 0.8
    return share
