"""The tools that judge the files: those that pip installs, and those that the machine must have."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest


def installed(name: str) -> str:
    """A tool that the dev extra installs beside Python."""
    return str(Path(sysconfig.get_path("scripts")) / name)


def on_path(name: str) -> str:
    """A tool of Debian's package prometheus; the test is skipped where the machine has none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(
            f"{name} is not on the PATH; Debian has it in the package prometheus (apt-get install prometheus)"
        )
    return found


def judged(*command: str | Path, **environ: str) -> str:
    """What a tool prints; the test fails with all that it says if it is not content."""
    done = subprocess.run(
        list(map(str, command)),
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{Path(command[0]).name}: {done.stdout}{done.stderr}"
    return done.stdout
