"""What the live page borrows: the chart library, fetched from npm and checked, so that the page needs no internet.

Run it with ``python docs/vendored.py`` to fetch it again (npm is needed), or with ``--check`` to compare what is there.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent.parent / "streams/watch/page/static/vendor"


@dataclass(frozen=True)
class Borrowed:
    """A package of npm: its version, the digest of its archive as npm tells it, and the files that are kept."""

    name: str
    version: str
    licence: str
    integrity: str
    files: dict[str, str]
    """Path in the archive, and SHA-256 of the file."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return HERE / self.name


UPLOT = Borrowed(
    "uplot",
    "1.6.32",
    "MIT",
    "sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==",
    {
        "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
        "dist/uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
        "dist/uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    },
)


def main() -> None:
    """Fetch, or check."""
    if "--check" not in sys.argv:
        fetch(UPLOT)
    if found := differences(UPLOT):
        raise SystemExit("\n".join(found))


def fetch(package: Borrowed) -> None:
    """Put the package's files in their place; SystemExit if the archive is not the one that is meant."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"], cwd=folder, check=True
        )
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != package.integrity:
            raise SystemExit(f"{package.name} {package.version} is not what it was: sha512-{digest}")
        package.folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as opened:
            for path in package.files:
                member = opened.extractfile(f"package/{path}")
                assert member is not None
                (package.folder / Path(path).name).write_bytes(member.read())
    (package.folder / "VERSION").write_text(f"{package.name} {package.version}, {package.licence}\n")


def differences(package: Borrowed) -> list[str]:
    """What of the package's files is not as it should be; empty if all is well."""
    found = []
    for path, wanted in package.files.items():
        file = package.folder / Path(path).name
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            found.append(
                f"{file} is not that of {package.name} {package.version}: run `python docs/vendored.py`"
            )
    return found


if __name__ == "__main__":
    main()
