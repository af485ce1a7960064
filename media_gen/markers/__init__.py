"""Markers: codes of 16 bits in the content itself, which a picture or a sound still shows after it was distorted."""

from media_gen.markers.glyph_reading import read_image
from media_gen.markers.tones import read_audio

__all__ = ["read_audio", "read_image"]
