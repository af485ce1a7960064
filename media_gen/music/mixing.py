"""Mixing: balanced, placed and reverberated stems that sum to a mix of even loudness that never clips."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from media_gen.music.score import Score
from media_gen.music.style import Style
from media_gen.music.synth.instruments import INSTRUMENTS
from media_gen.music.synth.kits import KITS
from media_gen.music.synth.room import impulse_response, reverberate
from media_gen.music.synth.stems import render_drums, render_part
from media_gen.music.synth.voice import SAMPLE_RATE, Samples
from sim.seeds import rng_for

__all__ = ["Mix", "mix_down"]

_LOUDNESS_DBFS = -17.0
_CEILING_DBFS = -1.0
_BALANCE_DB = {"lead": -2.0, "keys": -5.0, "pad": -13.0, "bass": -4.0, "drums": -5.0}
_PLACE = {"lead": 0.08, "keys": -0.3, "pad": 0.3, "bass": 0.0, "drums": 0.0}  # -1 left, 1 right
_SEND = {"lead": 1.0, "keys": 0.8, "pad": 1.0, "bass": 0.15, "drums": 0.45}
_FRAME = 2048


@dataclass(frozen=True)
class Mix:
    """Audio, samples × channels in -1 to 1; `stems` is empty unless asked for, and sums to `master`."""

    master: Samples
    stems: Mapping[str, Samples]

    @property
    def peak_dbfs(self) -> float:
        """Highest sample of the master, decibels of full scale."""
        return float(20 * np.log10(np.abs(self.master).max()))

    @property
    def rms_dbfs(self) -> float:
        """Root mean square of the master, decibels of full scale."""
        return float(10 * np.log10((self.master**2).mean()))


def mix_down(score: Score, style: Style, *, channels: int, stems: bool, seed: int) -> Mix:
    """The score as sound: exactly its seconds long, faded to silence at the end.

    Gain is one number for all (no limiter), so that the stems sum to the master to within rounding.
    """
    samples = round(score.seconds * SAMPLE_RATE)
    rooms = [
        impulse_response(style.reverberation, rng=rng_for(seed, "room", side)) for side in range(channels)
    ]
    fade = _fade(samples, score)
    desk, parts = _Desk(samples, channels), {}
    for stem in score.stems:
        sound = _balanced(stem, score, style, samples, seed)
        desk.add(stem, sound)
        if stems:
            alone = _Desk(samples, channels)
            alone.add(stem, sound)
            parts[stem] = alone.output(rooms, style.wetness, fade)
    master = desk.output(rooms, style.wetness, fade)
    gain = _gain(master)
    return Mix(master * gain, {stem: part * gain for stem, part in parts.items()})


class _Desk:
    """Adds up stems, placed between left and right with equal power, and what they send to the room."""

    def __init__(self, samples: int, channels: int) -> None:
        self._sides = [np.zeros(samples) for _ in range(channels)]
        self._sent = np.zeros(samples)

    def add(self, stem: str, sound: Samples) -> None:
        for side, track in enumerate(self._sides):
            track += sound * _share(stem, side, len(self._sides))
        self._sent += sound * _SEND[stem]

    def output(self, rooms: list[Samples], wetness: float, fade: Samples) -> Samples:
        """Samples × channels, the room's answer included."""
        wet = [
            (side + wetness * reverberate(self._sent, room)) * fade
            for side, room in zip(self._sides, rooms, strict=True)
        ]
        return np.stack(wet, axis=1)


def _balanced(stem: str, score: Score, style: Style, samples: int, seed: int) -> Samples:
    notes = score.stems[stem]
    if stem == "drums":
        sound = render_drums(notes, KITS[style.kit], score.tempo, samples, seed=seed)
    else:
        sound = render_part(notes, INSTRUMENTS[style.instruments[stem]], score.tempo, samples, seed=seed)
    decibels = _BALANCE_DB[stem] + style.balance.get(stem, 0.0)
    return sound * (10 ** (decibels / 20) / _active_level(sound))


def _active_level(sound: Samples) -> float:
    """Root mean square of the frames that are not far below the loudest."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power > 0.02 * power.max()].mean()))


def _share(stem: str, side: int, channels: int) -> float:
    angle = np.pi / 4 * (1 + _PLACE[stem])
    return 1.0 if channels == 1 else float((np.cos(angle), np.sin(angle))[side] * np.sqrt(2))


def _fade(samples: int, score: Score) -> Samples:
    """1, then down to 0 at the end of the audio, beginning in the middle of the last bar."""
    beats = len(score.tempo.microseconds)
    length = samples - round(float(score.tempo.seconds(beats - score.meter / 2)) * SAMPLE_RATE)
    level = np.ones(samples)
    level[samples - length :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, length))
    return level


def _gain(master: Samples) -> float:
    loud = 10 ** (_LOUDNESS_DBFS / 20) / float(np.sqrt((master**2).mean()))
    safe = 10 ** (_CEILING_DBFS / 20) / float(np.abs(master).max())
    return min(loud, safe)
