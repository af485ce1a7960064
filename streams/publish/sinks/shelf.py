"""A shelf: a folder of whole files on any file system that fsspec knows."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from streams.exits import UsageError
from streams.publish.sinks.sink import SinkUnavailableError

__all__ = ["Shelf"]

_PARTIAL = ".partial"
_PROBE = ".greenroom-probe"
_AT_ONCE = 64 * 2**20


class Shelf:
    """Files that appear whole or not at all, whatever kills their writer.

    A file is written as a draft: beside the others in ``.partial`` on a local disk, from where it is moved into its
    place in one step; elsewhere in a temporary folder, from where it is uploaded (object stores show an object only
    when it is whole). A draft has the name of the file that it becomes: a later writer of the same file replaces it.

    >>> shelf = Shelf("memory://doctest-shelf")
    >>> draft = shelf.draft("journeys/one.txt")
    >>> _ = draft.write_text("whole")
    >>> shelf.put(draft, "journeys/one.txt")
    5
    >>> list(shelf.names("journeys"))
    ['one.txt']
    """

    def __init__(self, url: str) -> None:
        """Open a folder or an fsspec URL; errors tell whether it is wrong or cannot be written."""
        self.url = url
        try:
            self._files, root = fsspec.url_to_fs(url)
        except ImportError as error:
            raise UsageError(
                f"{url}: {error}; for S3, pip install 'greenroom[s3]'; others have a package of their own"
            ) from error
        except ValueError as error:
            raise UsageError(f"{url} is neither a folder nor a URL that fsspec knows: {error}") from error
        self._root = root.rstrip("/") or "/"
        self._local = isinstance(self._files, LocalFileSystem)
        if self._local:
            self._open_folder()
        else:
            with self._reporting("be written in"):
                self._open_remote()

    def _open_folder(self) -> None:
        self._partial = Path(self._root, _PARTIAL)
        try:
            self._partial.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{self.url} is no folder to write in: {error.strerror}") from error

    def _open_remote(self) -> None:
        self._partial = Path(tempfile.mkdtemp(prefix="greenroom-"))
        weakref.finalize(self, shutil.rmtree, self._partial, ignore_errors=True)
        probe = f"{self._root}/{_PROBE}-{os.getpid()}"
        self._files.pipe_file(probe, b"")
        self._files.rm_file(probe)
        self._files.invalidate_cache()

    def draft(self, name: str) -> Path:
        """Where to write the file that is to become ``name`` (a path below the shelf)."""
        return self._partial / name.replace("/", "~")

    def put(self, draft: Path, name: str) -> int:
        """Show a draft that is complete under its name; how many bytes it has."""
        size, target = draft.stat().st_size, f"{self._root}/{name}"
        with self._reporting(f"take {name}"):
            if self._local:
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                os.replace(draft, target)
                return size
            if size <= _AT_ONCE:
                self._files.pipe_file(target, draft.read_bytes())
            else:
                self._files.put_file(os.fspath(draft), target)
        draft.unlink()
        return size

    def names(self, folder: str = "") -> Iterator[str]:
        """Names of the files that lie in a folder of the shelf."""
        with self._reporting(f"list {folder or 'its files'}"):
            try:
                found = self._files.ls(f"{self._root}/{folder}".rstrip("/"), detail=True)
            except FileNotFoundError:
                return
        yield from sorted(entry["name"].rsplit("/", 1)[-1] for entry in found if entry["type"] == "file")

    def remove(self, name: str) -> None:
        """Take a file away."""
        with self._reporting(f"remove {name}"):
            self._files.rm_file(f"{self._root}/{name}")

    def forget_drafts(self, ending: str) -> None:
        """Remove the drafts of this ending that killed writers left."""
        for draft in self._partial.glob(f"*{ending}"):
            draft.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove what was needed for writing alone."""
        if not self._local:
            shutil.rmtree(self._partial, ignore_errors=True)
        elif not any(self._partial.iterdir()):
            self._partial.rmdir()

    @contextmanager
    def _reporting(self, purpose: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # file systems of other packages raise errors of their own
            if self._local and not isinstance(error, OSError):
                raise
            told = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            raise SinkUnavailableError(f"{self.url} cannot {purpose}: {told}") from error
