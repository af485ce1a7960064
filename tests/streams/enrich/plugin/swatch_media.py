"""A generator from another distribution: noise that takes as long, and ends as badly, as its spec says."""

import os
import time
from typing import ClassVar, Literal

import numpy as np

from media_gen.generator import Generator
from media_gen.rendition import MediaFile, Rendition


class Swatch(Generator):
    """A square of noise (portable grey map) and its mean."""

    kind: Literal["swatch"] = "swatch"
    medium: ClassVar[Literal["visual", "voice", "music"]] = "visual"
    version: ClassVar[str] = "1"
    size: int = 8
    """Pixels a side."""
    seconds: float = 0.0
    """How long it takes."""
    ending: Literal["well", "raise", "die"] = "well"
    """What becomes of it."""
    remarks: int = 0
    """Length of the remarks in the annotations."""

    def render(self, *, rng: np.random.Generator) -> Rendition:
        time.sleep(self.seconds)
        if self.ending == "die":
            os.kill(os.getpid(), 9)
        if self.ending == "raise":
            raise RuntimeError("the paint ran out")
        pixels = rng.integers(0, 256, (self.size, self.size), dtype=np.uint8)
        header = f"P5 {self.size} {self.size} 255\n".encode()
        picture = MediaFile("image", "swatch.pgm", "image/x-portable-graymap", header + pixels.tobytes())
        label = MediaFile("label", "label.txt", "text/plain", f"swatch {self.size}".encode())
        return Rendition((picture, label), {"mean": float(pixels.mean()), "remarks": "x" * self.remarks})
