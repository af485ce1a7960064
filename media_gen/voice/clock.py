"""The clock of the voice: sample rate and control frames, and the truth they make exact.

All control (source, tract, noise) is given once a frame, and every phone lasts a whole number of frames; a
boundary at frame ``n`` is therefore the sample ``n * HOP`` exactly.
"""

__all__ = ["FRAME_MS", "HOP", "SAMPLE_RATE", "seconds"]

SAMPLE_RATE = 24_000
HOP = 120
FRAME_MS = 1000.0 * HOP / SAMPLE_RATE


def seconds(frame: int) -> float:
    """The time of a frame's edge; a multiple of 5 ms.

    >>> seconds(7)
    0.035
    """
    return round(frame * HOP / SAMPLE_RATE, 6)
