"""A song: a composed piece in one of several styles, as audio and MIDI with exact truth."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from media_gen.distortions.distortion import AnyAudioDistortion
from media_gen.generator import Generator
from media_gen.music.annotations import annotate
from media_gen.music.composition import FEWEST_BARS, Brief, compose, ring_seconds
from media_gen.music.finishing import finished
from media_gen.music.midi import midi_bytes
from media_gen.music.mixing import Mix, mix_down
from media_gen.music.pitch import Mode, Tonic
from media_gen.music.score import Score
from media_gen.music.style import STYLES, Style
from media_gen.music.synth.instruments import INSTRUMENTS
from media_gen.music.tempo import bars_that_fit
from media_gen.music.wav import wav_bytes
from media_gen.rendition import MediaFile, Rendition

__all__ = ["Song"]


class Song(Generator):
    """A piece of music with a form, functional harmony, a melody, bass, chords and drums.

    >>> from sim.seeds import rng_for
    >>> song = Song(seconds=8, genre="waltz", key="D", mode="major").render(rng=rng_for(7, "song"))
    >>> song.annotations["chords"][-1]["label"], [file.name for file in song.files]
    ('D:maj', ['song.wav', 'song.mid'])
    """

    medium: ClassVar[Literal["visual", "voice", "music"]] = "music"
    version: ClassVar[str] = "1"

    kind: Literal["song"] = "song"
    title: str = Field(default="Untitled", min_length=1, max_length=200)
    """Name of the piece, written into the MIDI file and the annotations."""
    genre: str = "pop"
    """Style of the music: ambient, edm, folk, lofi, pop, rock, waltz, or one that a plug-in adds."""
    seconds: float = Field(default=30.0, ge=5, le=240, allow_inf_nan=False)
    """Length of the audio; the music's end rings out within it."""
    tempo: float | None = Field(default=None, ge=40, le=220, allow_inf_nan=False)
    """Beats per minute; drawn from the style's range, and fitted to the length, if absent."""
    key: Tonic | None = None
    """Tonic; drawn if absent."""
    mode: Mode | None = None
    """Major or minor; drawn by the style's habit if absent."""
    stereo: bool = False
    """Whether the audio has two channels."""
    stems: bool = False
    """Whether the audio of each stem is added."""
    marker: int | None = Field(default=None, ge=0, le=65_535)
    """Code that quiet tones carry, which is still read after many distortions; null for none."""
    distortions: tuple[AnyAudioDistortion, ...] = ()
    """What happens to the sound then, in order; the annotations go along or say what no longer holds."""

    @field_validator("genre")
    @classmethod
    def _known(cls, genre: str) -> str:
        STYLES.named(genre)
        return genre

    @model_validator(mode="after")
    def _holds_a_cadence(self) -> "Song":
        if self.tempo is None:
            return self
        style, room = self.style, self.seconds - ring_seconds(self.seconds)
        if bars_that_fit(room, self.tempo, style.meter, style.ritard) < FEWEST_BARS:
            raise ValueError(
                f"tempo {self.tempo:g}: {self.seconds:g} seconds do not hold the {FEWEST_BARS} bars of "
                f"{style.meter}/4 that a cadence in the style {self.genre!r} needs; "
                "give a faster tempo, more seconds, or no tempo"
            )
        return self

    @property
    def style(self) -> Style:
        """The style that the genre names."""
        return STYLES.parse({"kind": self.genre})

    def render(self, *, rng: np.random.Generator) -> Rendition:
        """Compose the piece, play it, and tell what is true about it."""
        seed, style = int(rng.integers(2**63)), self.style
        brief = Brief(style, self.seconds, self.tempo, self.key, self.mode)
        score = compose(brief, seed=seed)
        mix = mix_down(score, style, channels=2 if self.stereo else 1, stems=self.stems, seed=seed)
        plain = Rendition(self._files(score, mix, style), annotate(score, mix, title=self.title))
        return finished(plain, marker=self.marker, distortions=self.distortions, rng=rng)

    def _files(self, score: Score, mix: Mix, style: Style) -> tuple[MediaFile, ...]:
        programs = {stem: INSTRUMENTS[name].program for stem, name in style.instruments.items()}
        return (
            MediaFile("audio", "song.wav", "audio/wav", wav_bytes(mix.master)),
            MediaFile("midi", "song.mid", "audio/midi", midi_bytes(score, programs, title=self.title)),
            *(
                MediaFile(f"stem.{stem}", f"{stem}.wav", "audio/wav", wav_bytes(audio))
                for stem, audio in mix.stems.items()
            ),
        )
