"""A generator: a kind of media that the studio can make."""

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np

from media_gen.rendition import Rendition
from sim.plugin import Family, Plugin

__all__ = ["GENERATORS", "Generator"]


class Generator(Plugin):
    """One kind of media; its fields are the parameters of a spec.

    A subclass sets ``kind``, ``medium`` and ``version`` (raised whenever the same spec would give other bytes) and
    draws every open choice from ``rng``, so that a spec gives the same bytes on every run.
    """

    medium: ClassVar[Literal["visual", "voice", "music"]]
    version: ClassVar[str]

    @abstractmethod
    def render(self, *, rng: np.random.Generator) -> Rendition:
        """Make the media and its ground truth."""


GENERATORS: Family[Generator] = Family(
    "generator", Generator, ("media_gen.visual", "media_gen.voice", "media_gen.music")
)
