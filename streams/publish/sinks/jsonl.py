"""JSON lines: one file a topic."""

import time
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from streams.publish.records import Records
from streams.topics import TOPICS

__all__ = ["JsonLines"]


class JsonLines:
    """Writes ``DIR/<topic>.jsonl``, anew on every run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for topic in TOPICS:
            (folder / f"{topic.name}.jsonl").unlink(missing_ok=True)
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def send(self, records: Records) -> None:
        """Append the records of one chunk to their topic's file."""
        self._write(records.topic, b"\n".join(records.values))

    def _write(self, topic: str, lines: bytes) -> None:
        if topic not in self._files:
            self._files[topic] = (self._folder / f"{topic}.jsonl").open("wb")
        self._files[topic].write(lines + b"\n")

    def idle(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """Keep the last record of what was published beside the topics."""
        if record["kind"] == "closed":
            self._write("audit", orjson.dumps(record))

    def finish(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
