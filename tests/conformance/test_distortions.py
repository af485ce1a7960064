"""Every distortion: nothing at strength 0, more with more, the same bytes for the same draw."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from media_gen.distortions.distortion import (
    AUDIO_DISTORTIONS,
    IMAGE_DISTORTIONS,
    AudioDistortion,
    Distortion,
    ImageDistortion,
)
from media_gen.distortions.sound import Sound
from media_gen.music.song import Song
from media_gen.visual.key_art import KeyArt
from sim.seeds import rng_for
from tests.conformance.plugins import PluginSuite, kinds

STRENGTHS = (0.1, 0.3, 0.6, 1.0)


def picture() -> Image.Image:
    """Bars, a disc and a ramp, in colour."""
    y, x = np.mgrid[:96, :128]
    disc = (x - 80) ** 2 + (y - 40) ** 2 < 500
    channels = [2 * x, 220 * ((x // 8) % 2), np.where(disc, 230, 2 * y)]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def sound(channels: int = 1) -> Sound:
    """A second of three tones that swell."""
    time = np.arange(22_050) / 22_050
    tones = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220, 700, 1_900))
    return Sound(np.repeat((0.2 * tones * np.hanning(len(time)))[:, None], channels, axis=1), 22_050)


class DistortionSuite(PluginSuite):
    """What holds for distortions of both media."""

    generator: type[Any]

    def one_of(self) -> list[dict[str, Any]]:
        schema = self.generator.model_json_schema()
        found: list[dict[str, Any]] = schema["properties"]["distortions"]["items"]["oneOf"]
        return found

    def distortion(self, kind: str, strength: float) -> Any:
        return self.family.parse({"kind": kind, "strength": strength})

    @pytest.mark.parametrize("strength", [-0.1, 1.1])
    def test_strength_is_a_share(self, kind: str, strength: float) -> None:
        with pytest.raises(ValueError, match="strength"):
            self.distortion(kind, strength)

    def test_magnitude_goes_one_way(self, kind: str) -> None:
        given = [self.distortion(kind, strength).magnitude for strength in STRENGTHS]
        assert given in (sorted(given), sorted(given, reverse=True))

    def test_annotations_tell_magnitude_and_unit(self, kind: str) -> None:
        one: Distortion = self.distortion(kind, 0.3)
        told = one.told()
        assert told["kind"], told["unit"]
        assert told["strength"] == 0.3
        assert told["magnitude"] == pytest.approx(one.magnitude, abs=1e-6)


@kinds(IMAGE_DISTORTIONS)
class TestImageDistortions(DistortionSuite):
    family: Any = IMAGE_DISTORTIONS
    generator = KeyArt

    def applied(self, kind: str, strength: float, seed: int = 1) -> Image.Image:
        one: ImageDistortion = self.distortion(kind, strength)
        result = one.apply(picture(), rng=rng_for(seed, "picture"))
        assert result.mode == "RGB"
        return result

    def test_no_strength_changes_nothing(self, kind: str) -> None:
        assert self.applied(kind, 0.0).tobytes() == picture().tobytes()
        geometry = self.distortion(kind, 0.0).geometry(128, 96)
        assert geometry is None or ((geometry.matrix == np.eye(3)).all() and geometry.whole)

    def test_the_same_draw_gives_the_same_picture(self, kind: str) -> None:
        assert self.applied(kind, 0.6).tobytes() == self.applied(kind, 0.6).tobytes()

    def test_any_strength_changes_the_picture(self, kind: str) -> None:
        for strength in STRENGTHS:
            assert self.applied(kind, strength).tobytes() != picture().tobytes()

    def test_more_strength_changes_more(self, kind: str) -> None:
        clean = np.asarray(picture(), float)
        changed = []
        for strength in STRENGTHS:
            again = self.applied(kind, strength).resize(picture().size, Image.Resampling.BICUBIC)
            changed.append(float(np.abs(np.asarray(again, float) - clean).mean()))
        assert changed == sorted(changed) or kind == "rotate", changed
        assert changed[-1] > 1

    def test_the_size_is_that_of_its_geometry(self, kind: str) -> None:
        for strength in STRENGTHS:
            geometry = self.distortion(kind, strength).geometry(128, 96)
            size = (128, 96) if geometry is None else (geometry.width, geometry.height)
            assert self.applied(kind, strength).size == size

    @pytest.mark.parametrize("strength", [0.05, 0.3, 0.7])
    def test_geometry_says_where_pixels_go(self, kind: str, strength: float) -> None:
        """The distorted picture of a smooth field is the field at the old points."""
        y, x = np.mgrid[:160, :200]
        field = np.stack([x * 255 / 200, y * 255 / 160, 0 * x + 128], axis=-1)
        one: ImageDistortion = self.distortion(kind, strength)
        geometry = one.geometry(200, 160)
        if geometry is None:
            return
        rounded = Image.fromarray(np.rint(field).astype(np.uint8))
        seen = np.asarray(one.apply(rounded, rng=rng_for(1, "field")), float)
        v, u = np.indices(seen.shape[:2]) + 0.5
        old = np.tensordot(geometry.inverse, np.stack([u, v, np.ones_like(u)]), axes=1)
        inside = (old[0] > 6) & (old[0] < 194) & (old[1] > 6) & (old[1] < 154)
        assert inside.mean() > 0.4
        assert np.abs(seen[..., 0] - (old[0] - 0.5) * 255 / 200)[inside].max() < 2.5
        assert np.abs(seen[..., 1] - (old[1] - 0.5) * 255 / 160)[inside].max() < 2.5


@kinds(AUDIO_DISTORTIONS)
class TestAudioDistortions(DistortionSuite):
    family: Any = AUDIO_DISTORTIONS
    generator = Song

    def applied(self, kind: str, strength: float, channels: int = 1) -> Sound:
        one: AudioDistortion = self.distortion(kind, strength)
        result = one.apply(sound(channels), rng=rng_for(1, "sound"))
        assert result.rate == sound().rate
        assert result.samples.shape[1] == channels
        assert np.abs(result.samples).max() <= 1
        assert len(result.samples) == pytest.approx(len(sound().samples) / one.tempo, abs=2)
        return result

    def test_no_strength_changes_nothing(self, kind: str) -> None:
        assert (self.applied(kind, 0.0).samples == sound().samples).all()
        one: AudioDistortion = self.distortion(kind, 0.0)
        assert (one.tempo, one.transposition) == (1, 0)

    def test_the_same_draw_gives_the_same_sound(self, kind: str) -> None:
        assert (self.applied(kind, 0.6).samples == self.applied(kind, 0.6).samples).all()

    @pytest.mark.parametrize("strength", STRENGTHS)
    def test_any_strength_changes_the_sound(self, kind: str, strength: float) -> None:
        result = self.applied(kind, strength, channels=2).samples
        length = min(len(result), len(sound().samples))
        assert np.abs(result[:length] - sound(2).samples[:length]).max() > 1e-3

    @pytest.mark.parametrize("strength", STRENGTHS)
    def test_tones_are_as_much_higher_as_it_says(self, kind: str, strength: float) -> None:
        one: AudioDistortion = self.distortion(kind, strength)
        result = self.applied(kind, strength).samples[:, 0]
        spectrum = np.abs(np.fft.rfft(result * np.hanning(len(result)), 8 * len(result)))
        pitches = np.fft.rfftfreq(8 * len(result), 1 / 22_050)
        for pitch in (700, 1_900):
            expected = pitch * 2 ** (one.transposition / 12)
            near = np.abs(pitches - expected) < 0.1 * expected
            heard = pitches[near][spectrum[near].argmax()]
            assert heard == pytest.approx(expected, rel=0.01), kind
