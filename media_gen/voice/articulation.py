"""Articulation: the formant tracks of a phone sequence, with transitions towards loci.

A consonant's second and third formants at its edges are a mixture of its own locus and the neighbouring
vowel's target (locus equations, Sussman, McCaffrey and Matthews 1991).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.phones import Formants
from media_gen.voice.plan import Segment

__all__ = ["formant_tracks", "smoothed"]

Key = tuple[float, Formants]

# place: how far the second and third formant follow the neighbouring vowel
_COARTICULATION = {
    "labial": (0.65, 0.5), "labiodental": (0.55, 0.5), "dental": (0.4, 0.4), "alveolar": (0.35, 0.35),
    "retroflex": (0.2, 0.1), "postalveolar": (0.25, 0.3), "palatal": (0.2, 0.2), "velar": (0.85, 0.45),
    "uvular": (0.4, 0.4), "none": (0.0, 0.0),
}  # fmt: skip
_TRANSITION_FRAMES = 9.0
_SMOOTHING_FRAMES = 7


def formant_tracks(segments: list[Segment], edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 to F3 in Hz for an average tract, shape (frames, 3)."""
    keys = [key for i in range(len(segments)) for key in _keys(segments, edges, i)]
    times = np.array([time for time, _ in keys])
    values = np.array([value for _, value in keys])
    frames = np.arange(int(edges[-1])) + 0.5
    tracks = np.stack([np.interp(frames, times, values[:, formant]) for formant in range(3)], axis=1)
    return smoothed(tracks, _SMOOTHING_FRAMES)


def smoothed(tracks: NDArray[np.float64], frames: int) -> NDArray[np.float64]:
    """Tracks of shape (frames, …) run through a Hann window of an odd number of frames, with edges held."""
    window = np.hanning(frames + 2)[1:-1]
    padded = np.pad(tracks, [(frames // 2, frames // 2)] + [(0, 0)] * (tracks.ndim - 1), mode="edge")
    shifted = np.lib.stride_tricks.sliding_window_view(padded, frames, axis=0)
    return np.asarray(shifted @ (window / window.sum()))


def _keys(segments: list[Segment], edges: NDArray[np.int64], i: int) -> Iterator[Key]:
    phone, start, stop = segments[i].phone, float(edges[i]), float(edges[i + 1])
    length = stop - start
    if phone.manner in ("pause", "breath"):
        return  # the tract moves on towards what follows
    if phone.glide_to is not None:
        yield start + 0.28 * length, phone.formants
        yield stop - 0.2 * length, phone.glide_to
    elif phone.is_vowel:
        lead = min(0.4 * length, _TRANSITION_FRAMES)
        yield start + lead, phone.formants
        yield stop - lead, phone.formants
    elif phone.manner in ("glide", "liquid", "tap", "trill"):
        yield start + 0.4 * length, phone.formants
        yield start + 0.65 * length, phone.formants
    else:
        yield start + 0.1 * length, _towards(segments, i, -1)
        yield stop, _towards(segments, i, +1)


def _towards(segments: list[Segment], i: int, step: int) -> Formants:
    """A consonant's formants at the edge that faces the nearest sonorant in one direction."""
    phone = segments[i].phone
    neighbour = _nearest_open(segments, i, step)
    if neighbour is None:
        return phone.formants
    second, third = _COARTICULATION[phone.place]
    first, locus_2, locus_3 = phone.formants
    return first, locus_2 + second * (neighbour[1] - locus_2), locus_3 + third * (neighbour[2] - locus_3)


def _nearest_open(segments: list[Segment], i: int, step: int) -> Formants | None:
    j = i + step
    while 0 <= j < len(segments) and segments[j].phone.manner != "pause":
        phone = segments[j].phone
        if phone.manner in ("vowel", "glide", "liquid"):
            return phone.glide_to if step < 0 and phone.glide_to is not None else phone.formants
        j += step
    return None
