"""JSON lines: files of records, by topic."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal

import orjson
from pydantic import Field

from sim.batch import Tick
from sim.durations import Duration
from streams.exits import UsageError
from streams.publish.records import Records
from streams.publish.sinks.plan import RunFacts, SinkPlan
from streams.publish.sinks.rolling import FileNames, Rolling
from streams.publish.sinks.shelf import Shelf
from streams.topics import TOPICS

__all__ = ["JsonLines", "JsonLinesPlan"]

_SUFFIX = ".jsonl"
_ENDLESS = 2**62


class JsonLinesPlan(SinkPlan):
    """JSON lines in a folder or an object store: one file a topic, or several with ``every`` or ``size``."""

    kind: Literal["jsonl"] = "jsonl"
    place: ClassVar[str] = "dir"
    dir: str
    """A folder, or a URL that fsspec knows, such as s3://bucket/path."""
    every: Duration = Field(0, ge=0)
    """Simulated time after which a file is complete and another begins, such as 1h."""
    size: int = Field(0, ge=0)
    """Bytes after which a file is complete and another begins."""

    def open(self, facts: RunFacts) -> "JsonLines":
        """The folder, without what an earlier run of this shard left."""
        rolling = Rolling(self.every, self.size or _ENDLESS) if self.every or self.size else None
        if facts.resumed and rolling is None:
            raise UsageError(
                f"{self.dir} cannot go on with files that end only with a run; give every=1h or size=100000000, "
                "from the first run on"
            )
        shelf, since = Shelf(self.dir), facts.rewritten_since
        return JsonLines(shelf, shard=facts.shard, starts_at=facts.starts_at, rolling=rolling, since=since)


@dataclass
class _Open:
    """A file that is being written: what it will be called, when its first tick began, its size so far."""

    name: str
    begun: int
    path: Path
    file: BinaryIO
    size: int = 0


class JsonLines:
    """Writes ``DIR/<topic>.jsonl``, or ``DIR/<topic>/part-….jsonl`` where files roll, anew on every run.

    A file appears when it is complete: at the end of the run, or of the tick with which it is due.
    """

    def __init__(
        self,
        shelf: Shelf,
        *,
        shard: tuple[int, int] = (0, 1),
        starts_at: int = 0,
        rolling: Rolling | None = None,
        since: int | None = None,
    ) -> None:
        """``starts_at`` is when the first tick begins (epoch ms); files do not roll without ``rolling``.

        What an earlier run has written ``since`` then is removed; all of it by default.
        """
        self._shelf, self._rolling, self._tick_at = shelf, rolling, starts_at
        self._names = FileNames(shard, _SUFFIX)
        self._whole = _SUFFIX if shard == (0, 1) else self._names.ending
        self._open: dict[str, _Open] = {}
        self.bytes = 0
        self._clear(since)

    def _clear(self, since: int | None) -> None:
        self._shelf.forget_drafts(self._whole)
        self._shelf.forget_drafts(self._names.ending)
        ours = {topic.name + self._whole for topic in TOPICS}
        for name in ours & set(self._shelf.names()):
            self._shelf.remove(name)
        for topic in TOPICS:
            self._names.clear(self._shelf, topic.name, since=since)

    def send(self, records: Records) -> None:
        """Append the records of one chunk to their topic's file."""
        if values := records.sent().values:
            self._write(records.topic, values)

    def _write(self, topic: str, values: Sequence[bytes]) -> None:
        if (opened := self._open.get(topic)) is None:
            opened = self._open[topic] = self._begin(topic)
        opened.file.writelines(value + b"\n" for value in values)
        opened.size = opened.file.tell()

    def _begin(self, topic: str) -> _Open:
        name = f"{topic}/{self._names.at(self._tick_at)}" if self._rolling else topic + self._whole
        path = self._shelf.draft(name)
        return _Open(name, self._tick_at, path, path.open("wb"))

    def idle(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """Keep the last record of what was published beside the topics."""
        if record["kind"] == "closed":
            self._write("audit", [orjson.dumps(record)])

    def tick_sent(self, tick: Tick) -> None:
        """Complete the files that are due."""
        self._tick_at = tick.end
        for topic, opened in list(self._open.items()):
            if self._rolling and self._rolling.due(begun=opened.begun, now=self._tick_at, size=opened.size):
                self._complete(topic)

    def complete(self) -> None:
        """Complete all files that roll."""
        if self._rolling:
            self._complete_all()

    def finish(self) -> None:
        """Complete all files."""
        self._complete_all()
        self._shelf.close()

    def _complete_all(self) -> None:
        for topic in list(self._open):
            self._complete(topic)

    def _complete(self, topic: str) -> None:
        opened = self._open.pop(topic)
        opened.file.close()
        self.bytes += self._shelf.put(opened.path, opened.name)

    def figures(self) -> dict[str, int]:
        """Bytes in files that are complete."""
        return {"bytes": self.bytes}
