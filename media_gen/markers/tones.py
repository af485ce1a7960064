"""The audible marker: forty quiet tones through a whole sound, whose pitches carry the code.

Frequency-shift keying with all signs at once: each sign is one of two neighbouring pitches, eight known signs tell
how far everything was shifted. Neighbours suffer alike from filters and codecs, tones that last outlive noise and
other sounds, and since all steps are the same factor, a faster or higher sound shows the same pattern elsewhere.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len, rfft

from media_gen.distortions.sound import Sound
from media_gen.markers.code import LENGTH, decoded, signs
from sim.seeds import Stream

__all__ = ["HIGHEST", "LOWEST", "add_tones", "read_audio", "read_samples"]

_PILOTS = np.array([1, -1, -1, 1, 1, 1, -1, 1], float)
_PAIRS = LENGTH + len(_PILOTS)
LOWEST, HIGHEST = 500.0, 2600.0
"""The lowest and highest tone, Hz: within a telephone's band even if everything is a third higher or lower."""
_STEP = (HIGHEST / LOWEST) ** (1 / (2 * _PAIRS - 1))
_BELOW = 10 ** (-10 / 20)
"""Level of all tones together to that of the sound: 10 dB below."""
_QUIETEST = 0.012
"""The least level of the tones, root mean square, for sounds that are nearly silent."""
_SEGMENT = 0.7
"""Seconds of a spectrum: as long as tones must last to be told from their neighbours."""
_MOST_SEGMENTS = 60
_BLOCK = 1024
_FACTORS = np.exp(np.arange(-350, 351) * 0.001)
"""Shifts that are looked for: 0.70 to 1.42."""
_CANDIDATES = 32
"""Shifts whose code is read: those that show the known signs best."""
_MARGIN = 0.1
"""How much worse the second best code must fit: less means that too many signs were lost to tell."""
_CLEAR = np.log(10.0)
"""How much more power one of a pair must have to count fully."""
_FIT, _SURE, _ALL = 0.75, 0.7, 0.76
"""How well signs must fit a code, how clear they must be, and both with the known signs in the mean: 1 is perfect.

Sounds without a marker reach 0.73 at most in what was tried, marked ones down to a noise as loud as they are 0.74."""

Samples = NDArray[np.float64]


def _scattered() -> NDArray[np.int64]:
    return np.array(Stream(0x70BE).sample(_PAIRS, of=_PAIRS))


_PLACES = _scattered()
"""Pairs, from low to high, that carry the code's signs and then the known ones."""


def add_tones(samples: Samples, rate: int, code: int) -> Samples:
    """Samples (n, channels) with the tones of a code; louder samples than 1 are scaled down with all others."""
    signed = np.empty(_PAIRS)
    signed[_PLACES] = np.concatenate([signs(code), _PILOTS])
    pitches = LOWEST * _STEP ** (2 * np.arange(_PAIRS) + (signed > 0))
    # Schroeder's phases keep the sum of many tones from peaking (Schroeder 1970).
    phases = -np.pi * np.arange(_PAIRS) ** 2 / _PAIRS
    tones = _sum_of_sines(2 * np.pi * pitches / rate, phases, len(samples))
    level = max(_BELOW * float(np.sqrt(np.mean(samples**2))), _QUIETEST)
    marked = samples + level * np.sqrt(2 / _PAIRS) * tones[:, None]
    return np.asarray(marked / max(1.0, float(np.abs(marked).max(initial=0.0))))


def _sum_of_sines(steps: Samples, phases: Samples, length: int) -> Samples:
    """Sines of so many radians a sample: a block of them, turned on from block to block (angle addition)."""
    starts = steps * np.arange(0, length, _BLOCK)[:, None] + phases
    within = steps[:, None] * np.arange(_BLOCK)
    blocks = np.hstack([np.sin(starts), np.cos(starts)]) @ np.vstack([np.cos(within), np.sin(within)])
    return np.asarray(blocks.ravel()[:length])


def read_audio(wav_bytes: bytes) -> int | None:
    """The code of the marker in a WAV file of 16-bit samples, or None if none can be read."""
    sound = Sound.of_wav(wav_bytes)
    return read_samples(sound.samples, sound.rate)


def read_samples(samples: Samples, rate: int) -> int | None:
    """The code of the marker in samples (n, channels), or None."""
    spectrum, resolution = _steady_spectrum(samples.mean(axis=1), rate)
    if not len(spectrum):
        return None
    soft = _soft_signs(spectrum, resolution)
    sure = np.abs(soft).mean(axis=1)
    pilots = (soft[:, _PLACES[LENGTH:]] * _PILOTS).mean(axis=1)
    likely = np.argsort(-(pilots + sure), kind="stable")[:_CANDIDATES]
    codes, fits, margins = decoded(soft[likely][:, _PLACES[:LENGTH]])
    score = np.where(
        (fits > _FIT) & (margins > _MARGIN) & (sure[likely] > _SURE),
        (fits + pilots[likely] + sure[likely]) / 3,
        0,
    )
    best = int(score.argmax())
    return int(codes[best]) if score[best] > _ALL else None


def _steady_spectrum(mono: Samples, rate: int) -> tuple[Samples, float]:
    """Median power over time at each frequency, which tones that last are in and notes that pass are not."""
    length = min(len(mono), round(_SEGMENT * rate))
    if length < rate // 5:
        return np.zeros(0), 1.0
    starts = np.arange(0, len(mono) - length + 1, max(1, length // 2))[:_MOST_SEGMENTS]
    padded = next_fast_len(2 * length, real=True)
    pieces = np.stack([mono[at : at + length] for at in starts]) * np.hanning(length)
    power = np.abs(rfft(pieces.astype(np.float32), padded, axis=1)) ** 2
    return np.median(power, axis=0).astype(np.float64), rate / padded


def _soft_signs(spectrum: Samples, resolution: float) -> Samples:
    """For each shift, how much more of each pair's upper tone there is than of its lower one, -1 to 1."""
    pitches = np.minimum(
        LOWEST * _STEP ** np.arange(2 * _PAIRS) * _FACTORS[:, None] / resolution, len(spectrum) - 1
    )
    below = pitches.astype(np.int64)
    around = np.clip(below[:, :, None] + np.arange(-1, 3), 0, len(spectrum) - 1)
    levels = np.log(spectrum[around].max(axis=2) + 1e-12)
    return np.asarray(np.clip((levels[:, 1::2] - levels[:, 0::2]) / _CLEAR, -1, 1))
