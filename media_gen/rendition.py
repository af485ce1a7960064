"""A rendition: the files of one asset, and what is true about them."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

__all__ = ["MediaFile", "Rendition"]


@dataclass(frozen=True)
class MediaFile:
    """One file of an asset: a picture, a sound, a depth map, a MIDI score.

    ``role`` says what it is to the asset ("image", "depth", "audio", "midi", …); ``name`` is its file name.
    """

    role: str
    name: str
    media_type: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Rendition:
    """What a generator returns: files, the first being the media itself, and exact ground truth as JSON values."""

    files: tuple[MediaFile, ...]
    annotations: dict[str, Any]

    def file(self, role: str) -> MediaFile:
        """The file with this role; KeyError if the asset has none."""
        for candidate in self.files:
            if candidate.role == role:
                return candidate
        raise KeyError(f"no file with role {role!r}; there are: {', '.join(f.role for f in self.files)}")
