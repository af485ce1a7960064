"""The pitch contour: register, declination, accents and boundary tones, added in semitones.

The superposition follows Fujisaki (1983); accents are bell shaped, as in the stem model of Kochanski and Shih
(2003).
"""

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import FRAME_MS
from media_gen.voice.plan import Segment
from media_gen.voice.reading import Boundary

__all__ = ["pitch_semitones"]

_ACCENT_MS = 95.0
_TAIL_MS = 260.0
_TAIL = {"continuation": 2.2, "statement": -3.2, "question": 7.0, "exclamation": -4.0}
"""How far the last quarter of a second of a phrase moves, in semitones."""


def pitch_semitones(
    segments: list[Segment], edges: NDArray[np.int64], *, accent: float, declination: float
) -> NDArray[np.float64]:
    """Pitch relative to the speaker's register, one value for each frame edge (n + 1 for n frames).

    ``edges`` are the segments' first frames and, last, the end; ``accent`` is the height of an accent in
    semitones, ``declination`` the fall in semitones a second.
    """
    pitch = np.zeros(int(edges[-1]) + 1)
    frames = np.arange(len(pitch))
    for phrase in sorted({segment.phrase for segment in segments}):
        inside = [i for i, s in enumerate(segments) if s.phrase == phrase and s.phone.manner != "pause"]
        if inside:
            first, last = int(edges[inside[0]]), int(edges[inside[-1] + 1])
            boundary = segments[inside[-1] + 1].boundary or "statement"
            span = frames[first : last + 1]
            pitch[first : last + 1] = _declination(span, declination) + _tail(span, boundary, accent)
            peaks = [0.5 * (edges[i] + edges[i + 1]) for i in inside if segments[i].accented]
            pitch[first : last + 1] += _accents(span, peaks, accent, boundary)
    return pitch


def _declination(span: NDArray[np.int64], slope: float) -> NDArray[np.float64]:
    elapsed = (span - span[0]) * FRAME_MS / 1000.0
    return np.asarray(np.maximum(1.5 - slope * elapsed, -2.5))


def _accents(
    span: NDArray[np.int64], peaks: list[float], height: float, boundary: Boundary
) -> NDArray[np.float64]:
    width = _ACCENT_MS / FRAME_MS
    total = np.zeros(len(span))
    for order, peak in enumerate(peaks):
        is_nucleus = order == len(peaks) - 1
        # Later accents are lower; an exclamation lifts the last one, a question lowers it before its rise.
        size = height * (
            max(0.85**order, 0.5)
            if not is_nucleus
            else {"exclamation": 1.3, "question": 0.3}.get(boundary, 0.8)
        )
        total = np.maximum(total, size * np.exp(-(((span - peak) / width) ** 2)))
    return total


def _tail(span: NDArray[np.int64], boundary: Boundary, accent: float) -> NDArray[np.float64]:
    start = span[-1] - min(_TAIL_MS / FRAME_MS, 0.8 * len(span))
    progress = np.clip((span - start) / max(span[-1] - start, 1.0), 0.0, 1.0)
    return np.asarray(_TAIL[boundary] * accent / 3.0 * progress**1.5)
