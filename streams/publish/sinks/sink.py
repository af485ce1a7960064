"""A sink: where a run's records go, other than to Kafka."""

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from sim.batch import Tick
from sim.names import UnknownNameError
from streams.exits import UsageError
from streams.publish.records import Records

__all__ = ["RecordSink", "TickSink", "sink_named"]


class RecordSink(Protocol):
    """Takes encoded records, chunk by chunk, in order of time."""

    def send(self, records: Records) -> None:
        """Take the records of one chunk."""

    def idle(self, seconds: float) -> None:
        """Wait for the time of the next chunk."""

    def progress(self, record: dict[str, Any]) -> None:
        """Take note of what the shard has published so far."""

    def finish(self) -> None:
        """Make sure that everything arrived."""


@runtime_checkable
class TickSink(Protocol):
    """Takes whole ticks in columns, without pacing."""

    def take(self, tick: Tick) -> None:
        """Take the events of one tick."""

    def finish(self) -> None:
        """Make sure that everything arrived."""


def sink_named(text: str, *, codec: Any, vocabularies: Any) -> RecordSink | TickSink:
    """The sink of a flag: ``stdout``, ``null``, ``jsonl:DIR`` or ``parquet:DIR``."""
    from streams.publish.sinks.jsonl import JsonLines
    from streams.publish.sinks.null import Null
    from streams.publish.sinks.parquet import Parquet
    from streams.publish.sinks.stdout import Stdout

    name, _, place = text.partition(":")
    if name in ("jsonl", "parquet") and not place:
        raise UsageError(f"--sink {text}: a folder is missing; write {name}:DIR")
    if name == "null":
        return Null(codec)
    if name == "stdout":
        return Stdout()
    try:
        if name == "jsonl":
            return JsonLines(Path(place))
        if name == "parquet":
            return Parquet(Path(place), codec.tag, vocabularies)
    except OSError as error:
        raise UsageError(f"--sink {text}: {place} is no folder to write in: {error.strerror}") from error
    raise UnknownNameError("sink", name, ["jsonl:DIR", "null", "parquet:DIR", "stdout"])
