"""The recording of a run's steering: its control log as lines of JSON, and the changes that they say were made."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from sim.steering.change import Change, written_moment
from streams.control.messages import BadMessageError, read_message
from streams.control.minutes import Minutes
from streams.control.post import Letter, Post
from streams.exits import UsageError
from streams.settings import ClusterSettings

__all__ = ["entries", "log_of", "recorded"]


def log_of(settings: ClusterSettings, run: str, *, patience_s: float = 30.0) -> list[dict[str, Any]]:
    """The control log of a run so far, an entry a record."""
    with Post(settings, run, patience_s=patience_s) as post:
        if not post.exists:
            raise UsageError(
                f"run {run!r} has no topic {post.topic}; look for its name with `greenroom topics`"
            )
        return list(entries(post.read_to_the_end()))


def entries(letters: Iterable[Letter]) -> Iterator[dict[str, Any]]:
    """Each record as it was written, with its offset and the wall time; what is no message is told as such."""
    for letter in letters:
        place = {"offset": letter.offset, "written_at": written_moment(letter.written_at)}
        try:
            yield place | read_message(letter.value).model_dump(mode="json")
        except BadMessageError as error:
            yield place | {"kind": "bad", "reason": str(error), "value": repr(letter.value)[:1000]}


def recorded(path: Path) -> list[Change]:
    """The changes that a recorded control log says were made, in order; UsageError if it is none."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"--replay {path}: {error.strerror}") from error
    minutes = Minutes()
    for number, line in enumerate(lines, 1):
        try:
            entry = orjson.loads(line)
            if entry["kind"] != "bad":
                told = {name: value for name, value in entry.items() if name not in ("offset", "written_at")}
                minutes.take(int(entry["offset"]), read_message(orjson.dumps(told)))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"--replay {path}, line {number}: {error}; a file is expected that `greenroom steer log` has printed"
            ) from error
    return minutes.changes()
