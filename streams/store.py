"""The asset store: content-addressed folders on any file system that fsspec knows.

An asset lies in ``ab/cd/<asset id>/``: its files, ``annotations.json``, and ``manifest.json``, which is
written last. Each file appears whole or not at all, so that a reader who asks for the manifest first sees
whole assets only, whatever kills the writer. Names are content addresses: writing an asset twice puts the
same bytes in the same place.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import orjson
from fsspec.implementations.local import LocalFileSystem

from media_gen.rendition import MediaFile, Rendition
from streams.exits import GreenroomError, UsageError

__all__ = ["ANNOTATIONS", "MANIFEST", "AssetStore", "StoreUnavailableError", "StoredFile"]

ANNOTATIONS = "annotations.json"
MANIFEST = "manifest.json"
_PARTIAL = ".partial"


class StoreUnavailableError(GreenroomError):
    """The asset store cannot be read or written: a full disk, a missing bucket, wrong rights (EX_IOERR)."""

    exit_code = 74


@dataclass(frozen=True)
class StoredFile:
    """Where one file of an asset lies, and what its bytes must be."""

    role: str
    name: str
    media_type: str
    uri: str
    sha256: str
    bytes: int

    def as_record(self) -> dict[str, Any]:
        """The file as it stands in an asset record."""
        return asdict(self)


class AssetStore:
    """Assets by their content address, under one root folder or URL.

    >>> store = AssetStore("memory://doctest")
    >>> picture = MediaFile("image", "art.png", "image/png", b"...")
    >>> [stored.uri for stored in store.put("c0ffee", Rendition((picture,), {}))]
    ['memory:///doctest/c0/ff/c0ffee/art.png']
    >>> store.has("c0ffee")  # whole only once its manifest is there
    False
    """

    def __init__(self, url: str | os.PathLike[str]) -> None:
        """Open the store; UsageError if nothing installed knows the URL's scheme."""
        self.url = os.fspath(url)
        try:
            self._files, self._root = fsspec.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"cannot open the asset store {self.url!r}: {error}") from error
        self._root = self._root.rstrip("/") or "/"

    def put(self, asset_id: str, rendition: Rendition) -> tuple[StoredFile, ...]:
        """Write the files and the annotations; the asset counts as whole only after :meth:`seal`."""
        folder = self._own_folder(asset_id)
        with self._reporting(f"write asset {asset_id}"):
            self._files.makedirs(folder, exist_ok=True)
            stored = tuple(self._store(folder, file) for file in rendition.files)
            self._write(f"{folder}/{ANNOTATIONS}", orjson.dumps(rendition.annotations))
        return stored

    def seal(self, asset_id: str, manifest: dict[str, Any]) -> None:
        """Write the manifest, after which the asset is whole."""
        with self._reporting(f"write the manifest of asset {asset_id}"):
            self._write(
                f"{self._own_folder(asset_id)}/{MANIFEST}", orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
            )

    def has(self, asset_id: str) -> bool:
        """Whether the whole asset is there."""
        with self._reporting(f"look for asset {asset_id}"):
            path = f"{self._folder(asset_id)}/{MANIFEST}"
            return self._is_below(path) and bool(self._files.exists(path))

    def get(self, asset_id: str) -> dict[str, Any] | None:
        """The asset's manifest, or None if the asset is not there, or not whole."""
        with self._reporting(f"read asset {asset_id}"):
            try:
                content = self.read(asset_id, MANIFEST)
            except FileNotFoundError:
                return None
        manifest: dict[str, Any] = orjson.loads(content)
        return manifest

    def read(self, asset_id: str, name: str) -> bytes:
        """The bytes of one file of an asset; FileNotFoundError if there is none of that name in this store.

        ValueError for a name that is no plain file name; a link that leads out of the store is no file of it.
        """
        path = f"{self._folder(asset_id)}/{_plain(name)}"
        if not self._is_below(path):
            raise FileNotFoundError(path)
        content: bytes = self._files.cat_file(path)
        return content

    def remove(self, asset_id: str) -> None:
        """Remove an asset, if it is there: its manifest first, so that nobody finds half of it whole."""
        folder = self._own_folder(asset_id)
        with self._reporting(f"remove asset {asset_id}"):
            for path in (f"{folder}/{MANIFEST}", folder):
                if self._files.exists(path):
                    self._files.rm(path, recursive=True)

    def assets(self) -> list[str]:
        """Every asset that is there, whole or not."""
        with self._reporting("list assets"):
            return sorted({path.rsplit("/", 2)[1] for path in self._files.glob(f"{self._root}/*/*/*/*")})

    def uri(self, asset_id: str, name: str) -> str:
        """The address of one file of an asset, as fsspec reads it."""
        return str(self._files.unstrip_protocol(f"{self._folder(asset_id)}/{name}"))

    def sweep(self, *, older_than_s: float = 3600.0) -> int:
        """Remove what killed writers left, but not what another may still be writing; how many files."""
        with self._reporting("sweep"):
            if not self._is_local or not self._files.exists(self._partial):
                return 0
            stale = [
                path for path in self._files.ls(self._partial, detail=False) if _age(path) >= older_than_s
            ]
        return sum(_removed(path) for path in stale)

    @property
    def _is_local(self) -> bool:
        return isinstance(self._files, LocalFileSystem)

    @property
    def _partial(self) -> str:
        return f"{self._root}/{_PARTIAL}"

    def _folder(self, asset_id: str) -> str:
        _plain(asset_id)
        return f"{self._root}/{asset_id[:2]}/{asset_id[2:4]}/{asset_id}"

    def _own_folder(self, asset_id: str) -> str:
        """The asset's folder, to be written in; not behind a link that leads out of the store."""
        folder = self._folder(asset_id)
        if not self._is_below(folder):
            raise StoreUnavailableError(
                f"asset store {self.url}: {folder} is behind a link that leads out of the store; remove the link"
            )
        return folder

    def _is_below(self, path: str) -> bool:
        return not self._is_local or Path(path).resolve().is_relative_to(Path(self._root).resolve())

    def _store(self, folder: str, file: MediaFile) -> StoredFile:
        path = f"{folder}/{_unreserved(file.name)}"
        self._write(path, file.data)
        uri = str(self._files.unstrip_protocol(path))
        return StoredFile(file.role, file.name, file.media_type, uri, file.sha256, len(file.data))

    def _write(self, path: str, content: bytes) -> None:
        if not self._is_local:  # object stores show an object only when it is whole
            self._files.pipe_file(path, content)
            return
        self._files.makedirs(self._partial, exist_ok=True)
        unfinished = f"{self._partial}/{uuid4().hex}"
        with open(unfinished, "xb") as file:
            file.write(content)
        os.replace(unfinished, path)

    @contextmanager
    def _reporting(self, purpose: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnavailableError(f"asset store {self.url}: cannot {purpose}: {error}") from error


def _plain(name: str) -> str:
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise ValueError(f"{name!r} is not a plain file name: no slashes, no leading dot")
    return name


def _unreserved(name: str) -> str:
    if name in (ANNOTATIONS, MANIFEST):
        raise ValueError(f"{name!r} is the store's own file name; give the file another")
    return _plain(name)


def _age(path: str) -> float:
    try:
        return time.time() - os.stat(path).st_mtime
    except FileNotFoundError:  # its writer has just finished it
        return -1.0


def _removed(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
