"""A distortion: one way in which a picture or a sound is changed without changing what it shows or says."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from media_gen.distortions.geometry import Geometry
from media_gen.distortions.sound import Sound
from sim.plugin import Family, OneOf, Plugin

__all__ = [
    "AUDIO_DISTORTIONS",
    "IMAGE_DISTORTIONS",
    "AnyAudioDistortion",
    "AnyImageDistortion",
    "AudioDistortion",
    "Distortion",
    "ImageDistortion",
]


class Distortion(Plugin):
    """Changes media by a physical magnitude that grows with ``strength``; 0 changes nothing."""

    unit: ClassVar[str]
    """What the magnitude is measured in."""

    strength: float = Field(default=0.5, ge=0, le=1)
    """How strong it is; the class says what magnitude 1 stands for."""

    @property
    @abstractmethod
    def magnitude(self) -> float:
        """The physical magnitude of the strength."""

    def told(self) -> dict[str, Any]:
        """What annotations say about it."""
        told = {"kind": self.kind, "strength": self.strength}
        return {**told, "magnitude": round(self.magnitude, 6), "unit": self.unit}


class ImageDistortion(Distortion):
    """Changes an RGB picture."""

    @abstractmethod
    def apply(self, picture: Image.Image, *, rng: np.random.Generator) -> Image.Image:
        """The picture, changed."""

    def geometry(self, width: int, height: int) -> Geometry | None:
        """Where each point of a picture of this size goes to; None if all stay where they are."""
        return None


class AudioDistortion(Distortion):
    """Changes a sound."""

    @abstractmethod
    def apply(self, sound: Sound, *, rng: np.random.Generator) -> Sound:
        """The sound, changed; its rate stays."""

    @property
    def tempo(self) -> float:
        """How many times as fast it goes."""
        return 1.0

    @property
    def transposition(self) -> float:
        """By how many semitones it is higher."""
        return 0.0


IMAGE_DISTORTIONS: Family[ImageDistortion] = Family(
    "image_distortion", ImageDistortion, "media_gen.distortions.image"
)
AUDIO_DISTORTIONS: Family[AudioDistortion] = Family(
    "audio_distortion", AudioDistortion, "media_gen.distortions.audio"
)
AnyImageDistortion = Annotated[ImageDistortion, OneOf(IMAGE_DISTORTIONS)]
"""Image distortions, one a file."""
AnyAudioDistortion = Annotated[AudioDistortion, OneOf(AUDIO_DISTORTIONS)]
"""Audio distortions, one a file."""
