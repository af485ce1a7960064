"""The generator of utterances: a given text spoken by an invented voice, with every phone's time."""

import unicodedata
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from media_gen.distortions.distortion import AnyAudioDistortion
from media_gen.generator import Generator
from media_gen.rendition import MediaFile, Rendition
from media_gen.voice import annotations as truth
from media_gen.voice.clock import FRAME_MS, SAMPLE_RATE, seconds
from media_gen.voice.contour import pitch_semitones
from media_gen.voice.durations import frame_counts
from media_gen.voice.finishing import finished
from media_gen.voice.identity import Identity, identity_of
from media_gen.voice.languages import LANGUAGES
from media_gen.voice.plan import Segment, plan
from media_gen.voice.reading import Reading, read
from media_gen.voice.styles import STYLES, Style, StyleName
from media_gen.voice.synthesis import synthesise
from media_gen.voice.textgrid import textgrid
from media_gen.voice.wav import pcm16, wav_bytes

__all__ = ["Utterance"]


class Utterance(Generator):
    """A spoken utterance with its words, phones, pitch and energy.

    The truth is exact by construction: phones are laid out in whole frames of 5 ms (120 samples at 24 kHz)
    *before* any sound is made, sources and vocal tract change over at those frames, and glottal pulses are
    set where the integral of the annotated pitch contour passes whole numbers. Nothing is measured back,
    except energy and level, which are those of the 16-bit samples in the file.

    >>> from sim.seeds import rng_for
    >>> rendition = Utterance(text="Hello there!", voice=1).render(rng=rng_for(7, "utterance"))
    >>> [word["text"] for word in rendition.annotations["words"]]
    ['Hello', 'there']
    """

    kind: Literal["utterance"] = "utterance"
    medium: ClassVar[Literal["voice"]] = "voice"
    version: ClassVar[str] = "1"

    text: str = Field(default="The new season starts tonight.", min_length=1, max_length=600)
    """What is said. Digits and common signs are read out; characters without a sound are listed."""
    language: Literal["en", "es", "de", "fr", "it", "pt", "tr", "id", "sw"] = "en"
    """The language that the text is read in (ISO 639-1)."""
    voice: int | None = Field(default=None, ge=0, lt=2**63)
    """The invented speaker: one number is one voice, in all languages. None lets the seed choose."""
    rate: float = Field(default=1.0, ge=0.5, le=2.0)
    """Tempo as a factor on the speaker's own."""
    pitch: float = Field(default=0.0, ge=-12.0, le=12.0)
    """Shift of the speaker's register in semitones."""
    expressiveness: float = Field(default=1.0, ge=0.0, le=2.0)
    """Size of the pitch movements; 0 is a monotone, 1 the speaker's habit."""
    style: StyleName = "neutral"
    """The mood, which moves register, tempo, effort and breath together."""
    marker: int | None = Field(default=None, ge=0, le=65_535)
    """Code that quiet tones carry, which is still read after many distortions; null for none."""
    distortions: tuple[AnyAudioDistortion, ...] = ()
    """What happens to the sound then, in order; the annotations go along or say what no longer holds."""

    def render(self, *, rng: np.random.Generator) -> Rendition:
        """Speak the text; ValueError if nothing in it can be pronounced."""
        drawn = int(rng.integers(2**31))
        voice = self.voice if self.voice is not None else drawn
        identity, style, language = identity_of(voice), STYLES[self.style], LANGUAGES[self.language]
        reading = self._reading()
        segments = plan(reading, language)
        tempo = self.rate * identity.rate * style.tempo
        edges = np.concatenate([[0], np.cumsum(frame_counts(segments, language.rhythm, tempo))])
        pitch_hz = self._pitch_hz(segments, edges, identity, style, rng=rng)
        speech = synthesise(segments, edges, pitch_hz, language.rhythm, identity, style, rng=rng)
        pcm = pcm16(speech.samples)
        annotations = self._annotations(reading, segments, edges, pitch_hz, speech.voiced, pcm)
        annotations["voice"] = {"number": voice, **identity.annotation()}
        plain = Rendition((_audio(pcm), _alignment(annotations, segments, edges)), annotations)
        return finished(plain, marker=self.marker, distortions=self.distortions, rng=rng)

    def _reading(self) -> Reading:
        reading = read(unicodedata.normalize("NFC", self.text), LANGUAGES[self.language])
        if not reading.phrases:
            raise ValueError(
                f"text {self.text!r} has nothing that can be pronounced in language {self.language!r}; "
                "it needs at least one letter, digit or named sign of that language: change the text, "
                "or set language to the one it is written in"
            )
        return reading

    def _pitch_hz(
        self,
        segments: list[Segment],
        edges: NDArray[np.int64],
        identity: Identity,
        style: Style,
        *,
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        excursion = self.expressiveness * identity.pitch_range * style.excursion
        accent = LANGUAGES[self.language].rhythm.accent * excursion
        movement = pitch_semitones(
            segments, edges, accent=accent, declination=identity.declination * self.expressiveness
        )
        register = self.pitch + style.register
        flutter = identity.flutter * _flutter(len(movement), rng=rng)
        return np.asarray(identity.pitch_hz * 2.0 ** ((register + movement + flutter) / 12.0))

    def _annotations(
        self,
        reading: Reading,
        segments: list[Segment],
        edges: NDArray[np.int64],
        pitch_hz: NDArray[np.float64],
        voiced: NDArray[np.bool_],
        pcm: NDArray[np.int16],
    ) -> dict[str, Any]:
        phones = truth.phone_entries(segments, edges)
        step = truth.TRACK_STEP * FRAME_MS / 1000.0
        return {
            "text": unicodedata.normalize("NFC", self.text),
            "language": self.language,
            "style": self.style,
            "sample_rate": SAMPLE_RATE,
            "samples": len(pcm),
            "duration": seconds(int(edges[-1])),
            "words": truth.word_entries(reading, phones),
            "phones": phones,
            "f0": {"step": step, "hz": truth.pitch_track(pitch_hz, voiced)},
            "energy": {"step": step, "dbfs": truth.energy_track(pcm)},
            "speech_level_dbfs": truth.speech_level(pcm, segments, edges),
            "skipped": truth.skipped_entries(reading),
        }


def _flutter(frames: int, *, rng: np.random.Generator) -> NDArray[np.float64]:
    """Slow unsteadiness of pitch in semitones: three incommensurable sines (Klatt and Klatt 1990)."""
    time = np.arange(frames) * FRAME_MS / 1000.0
    phases = rng.uniform(0.0, 2.0 * np.pi, 3)
    return np.asarray(
        sum(0.1 * np.sin(2 * np.pi * f * time + p) for f, p in zip((12.7, 7.1, 4.7), phases, strict=True))
    )


def _audio(pcm: NDArray[np.int16]) -> MediaFile:
    return MediaFile("audio", "utterance.wav", "audio/wav", wav_bytes(pcm, SAMPLE_RATE))


def _alignment(annotations: dict[str, Any], segments: list[Segment], edges: NDArray[np.int64]) -> MediaFile:
    tiers = {
        "words": truth.word_tier(annotations["words"], annotations["duration"]),
        "phones": truth.phone_tier(segments, edges),
    }
    text = textgrid(annotations["duration"], tiers)
    return MediaFile("alignment", "utterance.TextGrid", "text/plain", text.encode())
