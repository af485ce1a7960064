"""The folder of a data set: empty or new, and filled whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.exits import UsageError

__all__ = ["filled_folder", "sha256_of"]


@contextmanager
def filled_folder(out: Path) -> Iterator[Path]:
    """A folder to write to, which becomes ``out`` if all goes well.

    :class:`.UsageError` if ``out`` is there and not an empty folder, or cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"--out {out}: it is there already and not an empty folder; choose another, or remove it"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            building = Path(scratch) / "data"
            building.mkdir()
            yield building
            if out.exists():
                out.rmdir()
            os.replace(building, out)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written: {error.strerror}; choose another folder") from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
