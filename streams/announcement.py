"""The announcement of a process: where it can be reached, in a file for whoever started it."""

import json
import os
from pathlib import Path

__all__ = ["announce"]


def announce(file: Path | None, **facts: object) -> None:
    """Write process id and facts as JSON, whole or not at all; without a file, do nothing."""
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps({"pid": os.getpid(), **facts}))
    unfinished.replace(file)
