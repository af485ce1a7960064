"""Key art: the picture that stands for a title, as on a poster, an album cover or a thumbnail."""

from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from media_gen.distortions.distortion import AnyImageDistortion
from media_gen.generator import Generator
from media_gen.rendition import Rendition
from media_gen.visual.casting import Hits, cast
from media_gen.visual.colour import encode
from media_gen.visual.composition import COMPOSITIONS
from media_gen.visual.conventions import CONVENTIONS
from media_gen.visual.finishing import finished
from media_gen.visual.framing import Frame
from media_gen.visual.genres import Look, look_of
from media_gen.visual.lettering import legible_text, set_title
from media_gen.visual.maps import METRES_PER_UNIT, map_files
from media_gen.visual.palette import TONES
from media_gen.visual.picture import pixel_centres, render_light, vignette
from media_gen.visual.png import png_file
from media_gen.visual.scene import Scene
from media_gen.visual.shading import Lighting
from media_gen.visual.shapes import LABELS, SHAPES
from media_gen.visual.staging import staged
from media_gen.visual.titling import title_truth, titled
from media_gen.visual.truth import camera_truth, object_truth
from media_gen.visual.vectors import Floats
from sim.names import UnknownNameError

__all__ = ["KeyArt"]

_TITLE_SHARE = 0.24
_VIGNETTE = 0.35
_WIDEST = 4


class KeyArt(Generator):
    """A rendered scene of solid shapes with the title on it, and what is true of every pixel and object.

    >>> art = KeyArt(title="Low Tide", genre="documentary", width=64, height=64, objects=3)
    >>> rendition = art.render(rng=np.random.default_rng(7))
    >>> [file.role for file in rendition.files]
    ['image', 'depth', 'range', 'instance', 'semantic', 'normals']
    >>> len(rendition.annotations["objects"])
    3
    """

    kind: Literal["key_art"] = "key_art"
    medium: ClassVar[Literal["visual", "voice", "music"]] = "visual"
    version: ClassVar[str] = "1"

    title: str = Field("Untitled", max_length=120)
    """Words on the picture; none are drawn if it is empty. Long titles break into lines."""
    genre: str = Field("drama", max_length=60)
    """Decides palette, composition and shapes. Any name will do: an unknown one has a look of its own."""
    width: int = Field(256, ge=32, le=1024)
    """Pixels from left to right; at most 4 times the height."""
    height: int = Field(256, ge=32, le=1024)
    """Pixels from top to bottom; at most 4 times the width."""
    objects: int = Field(9, ge=1, le=32)
    """How many objects the scene has, seen or hidden; the floor and the sky do not count."""
    shapes: tuple[str, ...] = ()
    """Shapes to choose the objects from, such as ["ball", "ring"]; empty: those of the genre."""
    tone: str | None = None
    """Light and strength of the colours, such as "neon" or "pastel"; null: that of the genre."""
    composition: str | None = None
    """How the objects stand together, such as "skyline" or "orbit"; null: that of the genre."""
    field_of_view: float = Field(38.0, ge=20, le=90)
    """Horizontal angle of view, degrees."""
    azimuth: float | None = Field(None, ge=-180, le=180)
    """Where the camera stands around the scene, degrees from its front; null: drawn by the seed."""
    elevation: float | None = Field(None, ge=1, le=80)
    """How far above the floor the camera looks down from, degrees; null: drawn by the seed."""
    samples: int = Field(3, ge=1, le=6)
    """Antialiasing: an edge pixel of the picture is the mean of samples x samples points; 1 for none."""
    marker: int | None = Field(default=None, ge=0, le=65_535)
    """Code that the picture shows as a glyph, which is still read after many distortions; null for none."""
    distortions: tuple[AnyImageDistortion, ...] = ()
    """What happens to the picture then, in order; the annotations go along or say what no longer holds."""

    @field_validator("title", "genre")
    @classmethod
    def _is_printable(cls, text: str) -> str:
        for character in text:
            if not character.isprintable():
                raise ValueError(f"{text!r} has the unprintable character {character!r}; leave it out")
        return text

    @field_validator("shapes")
    @classmethod
    def _knows_shapes(cls, shapes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known("shape", shape, SHAPES) for shape in shapes)

    @field_validator("tone")
    @classmethod
    def _knows_tone(cls, tone: str | None) -> str | None:
        return tone and _known("tone", tone, TONES)

    @field_validator("composition")
    @classmethod
    def _knows_composition(cls, composition: str | None) -> str | None:
        return composition and _known("composition", composition, COMPOSITIONS)

    @model_validator(mode="after")
    def _is_not_a_strip(self) -> "KeyArt":
        longer, shorter = max(self.width, self.height), min(self.width, self.height)
        if longer > _WIDEST * shorter:
            raise ValueError(
                f"{self.width}x{self.height} is narrower than 1:{_WIDEST}; "
                f"make the shorter side at least {-(-longer // _WIDEST)}"
            )
        return self

    def render(self, *, rng: np.random.Generator) -> Rendition:
        """The picture, its maps and its annotations; ``annotations["conventions"]`` says how to read them."""
        scene = self._scene(rng)
        u, v = pixel_centres(self.width, self.height)
        hits = cast(scene, u, v)
        light = render_light(Lighting(scene), hits, u, v, samples=self.samples)
        light, title = self._lettered(vignette(light, _VIGNETTE), scene)
        image = png_file("image", encode(light))
        plain = Rendition((image, *map_files(scene, hits, u, v)), self._annotations(scene, hits, title))
        return finished(plain, marker=self.marker, distortions=self.distortions, rng=rng)

    @property
    def _look(self) -> Look:
        look = look_of(self.genre)
        return replace(
            look,
            tone=self.tone or look.tone,
            composition=self.composition or look.composition,
            shapes=self.shapes or look.shapes,
        )

    def _scene(self, rng: np.random.Generator) -> Scene:
        share = _TITLE_SHARE if self.title.strip() else 0.0
        frame = Frame(self.width, self.height, self.field_of_view, share)
        return staged(
            self._look,
            objects=self.objects,
            frame=frame,
            azimuth=self.azimuth,
            elevation=self.elevation,
            rng=rng,
        )

    def _lettered(self, light: Floats, scene: Scene) -> tuple[Floats, dict[str, Any] | None]:
        text, missing = legible_text(self.title)
        if not text:
            return light, None
        setting = set_title(text, self.width, self.height, share=_TITLE_SHARE)
        result = titled(light, setting, scene.palette)
        truth = {"text": self.title, "drawn": text, "missing_characters": missing}
        return result.light, {**truth, **title_truth(setting, result)}

    def _annotations(self, scene: Scene, hits: Hits, title: dict[str, Any] | None) -> dict[str, Any]:
        look = self._look
        return {
            "conventions": dict(CONVENTIONS),
            "metres_per_unit": METRES_PER_UNIT,
            "idToLabels": {str(i): label for i, label in enumerate(LABELS)},
            "genre": self.genre,
            "look": {"tone": look.tone, "harmony": look.harmony, "composition": look.composition},
            "camera": camera_truth(scene),
            "key_light": {"towards": [round(x, 6) for x in scene.sun.tolist()]},
            "objects": object_truth(scene, hits),
            "title": title,
        }


def _known(noun: str, name: str, known: Any) -> str:
    if name not in known:
        raise UnknownNameError(noun, name, known)
    return name
