"""A sink: where a run's records go."""

from typing import Any, Protocol, runtime_checkable

from sim.batch import Tick
from streams.exits import GreenroomError
from streams.publish.records import Records

__all__ = ["Accountable", "Completing", "RecordSink", "SinkUnavailableError", "TickAware", "TickSink"]


class SinkUnavailableError(GreenroomError):
    """A sink cannot be written: a full disk, a missing bucket, a receiver that answers no more (EX_IOERR)."""

    exit_code = 74


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
class TickAware(Protocol):
    """Wants to know when all records of a tick were sent, so that what it writes ends where ticks do."""

    def tick_sent(self, tick: Tick) -> None:
        """Take note of a tick, or of the part of it that was sent before the run was stopped."""


@runtime_checkable
class Completing(Protocol):
    """Gathers records for a while, in files or requests, and can be asked to end them."""

    def complete(self) -> None:
        """Write all that was taken so far, so that nothing of it is lost with the process."""


@runtime_checkable
class TickSink(Protocol):
    """Takes whole ticks in columns, without pacing."""

    def take(self, tick: Tick) -> None:
        """Take the events of one tick."""

    def finish(self) -> None:
        """Make sure that everything arrived."""


@runtime_checkable
class Accountable(Protocol):
    """Knows more about its work than how many records it was given."""

    def figures(self) -> dict[str, int]:
        """What stands in the run's summary beside the records: bytes written, requests, repeats."""
