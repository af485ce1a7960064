"""The shelf: files of assets for a browser, from the store and from nowhere else."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from streams.store import ANNOTATIONS, AssetStore, StoreUnavailableError

__all__ = ["Part", "Shelf"]

_ID = re.compile(r"[0-9a-f]{8,128}")
_INLINE = (
    "image/png", "image/jpeg", "image/webp", "audio/wav", "audio/flac", "audio/ogg", "audio/mpeg",
    "application/json", "text/plain",
)  # fmt: skip
"""What a browser may show; everything else is offered for download, as bytes without a type."""
_KEPT_BYTES = 48_000_000


@dataclass(frozen=True)
class Part:
    """One file of an asset: its bytes and how a browser may take them."""

    data: bytes
    media_type: str
    digest: str
    inline: bool


class Shelf:
    """Reads parts by asset id and file name; only names that the asset's own manifest lists exist.

    What was read is kept, up to 48 MB, since a browser asks for sounds piece by piece.
    """

    def __init__(self, store: AssetStore) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str], Part] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def part(self, asset_id: str, name: str) -> Part | None:
        """A part of an asset, or None if there is none of that name; StoreUnavailableError if the store is."""
        if not _ID.fullmatch(asset_id):
            return None
        with self._lock:
            found = self._kept.get((asset_id, name))
            if found is not None:
                self._kept.move_to_end((asset_id, name))
                return found
        found = self._read(asset_id, name)
        if found is not None:
            self._keep((asset_id, name), found)
        return found

    def _read(self, asset_id: str, name: str) -> Part | None:
        listed = self._listed(asset_id)
        if name not in listed:
            return None
        media_type, digest = listed[name]
        try:
            data = self._store.read(asset_id, name)
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            raise StoreUnavailableError(f"cannot read {name} of asset {asset_id}: {error}") from error
        inline = media_type in _INLINE
        return Part(data, media_type if inline else "application/octet-stream", digest, inline)

    def _listed(self, asset_id: str) -> dict[str, tuple[str, str]]:
        """Media type and digest of every file of a whole asset."""
        manifest = self._store.get(asset_id)
        if manifest is None:
            return {}
        files = {
            str(file["name"]): (str(file["media_type"]), str(file["sha256"])) for file in manifest["files"]
        }
        return {**files, ANNOTATIONS: ("application/json", asset_id)}

    def _keep(self, key: tuple[str, str], part: Part) -> None:
        with self._lock:
            if key not in self._kept and len(part.data) < _KEPT_BYTES:
                self._kept[key] = part
                self._bytes += len(part.data)
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1].data)
