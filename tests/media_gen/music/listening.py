"""An independent listener: hears chords, key and beats in audio alone, by textbook methods."""

import io
import wave

import numpy as np

RATE = 22_050
_HOP = 256
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHAPES = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
}
# Krumhansl and Kessler (1982)
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}


def samples(data):
    """(samples × channels in -1 to 1, rate) of a 16-bit WAV file."""
    with wave.open(io.BytesIO(data)) as file:
        assert file.getsampwidth() == 2
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return pcm.reshape(-1, file.getnchannels()) / 32768, file.getframerate()


def pitch_class(name):
    return (_LETTERS[name[0]] + name.count("#") - name.count("b")) % 12


def chroma(sound, low, high):
    """Energy of the twelve pitch classes between two frequencies, unit length."""
    size = max(len(sound), 1 << 15)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    band = (frequencies > low) & (frequencies < high)
    pitches = 69 + 12 * np.log2(frequencies[band] / 440)
    in_tune = np.exp(-(((pitches - np.round(pitches)) / 0.2) ** 2))
    energy = np.bincount(np.round(pitches).astype(int) % 12, spectrum[band] * in_tune, 12)
    return energy / np.linalg.norm(energy)


def heard_chord(sound):
    """(root, "maj" or "min") of the best chord template, the bass register voting for its root."""
    upper, bass = chroma(sound, 60, 1000), chroma(sound, 30, 180)

    def fit(root, shape):
        return upper[[(root + step) % 12 for step in shape]].sum() / np.sqrt(len(shape)) + 0.25 * bass[root]

    root, name = max(
        ((r, n) for r in range(12) for n in _SHAPES), key=lambda pair: fit(pair[0], _SHAPES[pair[1]])
    )
    return root, "min" if name.startswith("min") else "maj"


def heard_key(sound):
    """(tonic, mode) by correlation with key profiles (Krumhansl 1990)."""
    energy = chroma(sound, 60, 1500)
    return max(
        ((tonic, mode) for tonic in range(12) for mode in _PROFILES),
        key=lambda key: np.corrcoef(np.roll(_PROFILES[key[1]], key[0]), energy)[0, 1],
    )


def key_score(heard, tonic, mode):
    """The MIREX weights: same 1, fifth 0.5, relative 0.3, parallel 0.2."""
    apart = (heard[0] - tonic) % 12
    if heard[1] == mode:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(apart, 0.0)
    return {0: 0.2, 9 if mode == "major" else 3: 0.3}.get(apart, 0.0)


def onset_envelope(sound):
    """Spectral flux, one value a hop, and the time of the first in seconds."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::_HOP] * np.hanning(1024)
    level = np.log1p(100 * np.abs(np.fft.rfft(frames, axis=1)))
    return np.maximum(np.diff(level, axis=0), 0).sum(axis=1), (512 + _HOP) / RATE


def heard_tempo(sound):
    """Beats per minute whose multiples the onset envelope's autocorrelation likes best."""
    flux, _ = onset_envelope(sound)
    flux = flux - flux.mean()
    power = np.abs(np.fft.rfft(flux, 2 * len(flux))) ** 2
    autocorrelation = np.fft.irfft(power)[: len(flux)]
    tempi = np.arange(50, 200, 0.5)
    lags = np.round(60 / tempi[:, None] * RATE / _HOP * np.arange(1, 9)).astype(int)
    return float(tempi[np.argmax(autocorrelation[lags].mean(axis=1))])


def onset_contrast(sound, beats, period):
    """Strength of onsets at the beats over that between them (at ±1/4 and 3/8 of a beat)."""
    flux, first = onset_envelope(sound)

    def strength(shift):
        places = np.round((np.asarray(beats) + shift * period - first) * RATE / _HOP).astype(int)
        places = places[(places >= 2) & (places < len(flux) - 2)]
        return np.mean([flux[place - 2 : place + 3].max() for place in places])

    return strength(0) / np.mean([strength(shift) for shift in (0.25, -0.25, 0.375)])
