"""The ground truth of an utterance as JSON values."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_gen.voice.clock import HOP, seconds
from media_gen.voice.plan import Segment
from media_gen.voice.reading import Reading, Word
from media_gen.voice.textgrid import Interval

__all__ = [
    "TRACK_STEP",
    "energy_track",
    "phone_entries",
    "phone_tier",
    "pitch_track",
    "skipped_entries",
    "speech_level",
    "word_entries",
    "word_tier",
]

TRACK_STEP = 2
"""Frames between values of the pitch and energy tracks: 10 ms."""
_FLOOR_DB = -96.0


def phone_entries(segments: list[Segment], edges: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Every spoken phone with its times in seconds, stress (0, 1 primary, 2 secondary) and word number."""
    return [
        {"ipa": s.symbol, "start": start, "end": end, "stress": s.stress, "word": s.word}
        for s, (start, end) in _timed(segments, edges)
        if s.word is not None
    ]


def word_entries(reading: Reading, phones: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every written word: as written, where in the text, as read, when, and its phones."""
    entries = []
    for number, word in enumerate(_words(reading)):
        own = [phone for phone in phones if phone["word"] == number]
        entries.append(
            {
                "text": word.text,
                "offset": word.offset,
                "spoken": " ".join(word.spoken),
                "start": own[0]["start"],
                "end": own[-1]["end"],
                "phones": [phone["ipa"] for phone in own],
            }
        )
    return entries


def skipped_entries(reading: Reading) -> list[dict[str, Any]]:
    """The characters that have no sound, and where they stand."""
    return [{"character": s.character, "offset": s.offset} for s in reading.skipped]


def pitch_track(pitch_hz: NDArray[np.float64], voiced: NDArray[np.bool_]) -> list[float]:
    """F0 in Hz at every 10 ms from 0, 0 where the folds rest."""
    edges = np.arange(0, len(voiced), TRACK_STEP)
    return [round(float(f), 2) for f in np.where(voiced[edges], pitch_hz[edges], 0.0)]


def energy_track(pcm: NDArray[np.int16]) -> list[float]:
    """RMS level in dBFS of each 10 ms of the audio as written."""
    block = TRACK_STEP * HOP
    usable = pcm[: len(pcm) // block * block].reshape(-1, block) / 32768.0
    power = (usable**2).mean(axis=1)
    return [round(float(x), 1) for x in np.maximum(10 * np.log10(np.maximum(power, 1e-12)), _FLOOR_DB)]


def speech_level(pcm: NDArray[np.int16], segments: list[Segment], edges: NDArray[np.int64]) -> float:
    """RMS level in dBFS of all that is not pause."""
    spoken = np.concatenate(
        [pcm[edges[i] * HOP : edges[i + 1] * HOP] for i, s in enumerate(segments) if s.word is not None]
    )
    return round(float(10 * np.log10(((spoken / 32768.0) ** 2).mean())), 2)


def phone_tier(segments: list[Segment], edges: NDArray[np.int64]) -> list[Interval]:
    """The phones as TextGrid intervals, pauses with an empty label."""
    return [
        (start, end, s.symbol if s.word is not None else "") for s, (start, end) in _timed(segments, edges)
    ]


def word_tier(words: list[dict[str, Any]], duration: float) -> list[Interval]:
    """The words as TextGrid intervals, with the silences between them."""
    tier: list[Interval] = []
    at = 0.0
    for word in words:
        if word["start"] > at:
            tier.append((at, word["start"], ""))
        tier.append((word["start"], word["end"], word["text"]))
        at = word["end"]
    return [*tier, (at, duration, "")]


def _timed(
    segments: list[Segment], edges: NDArray[np.int64]
) -> Iterable[tuple[Segment, tuple[float, float]]]:
    times = [seconds(int(edge)) for edge in edges]
    return zip(segments, pairwise(times), strict=True)


def _words(reading: Reading) -> list[Word]:
    return [word for phrase in reading.phrases for word in phrase.words]
