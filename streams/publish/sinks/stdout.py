"""Standard output: one JSON object a line, of all topics."""

import os
import sys
import time
from typing import Any, Literal

from streams.exits import OK
from streams.publish.records import Records
from streams.publish.sinks.plan import RunFacts, SinkPlan

__all__ = ["Stdout", "StdoutPlan"]


class StdoutPlan(SinkPlan):
    """Standard output: one record a line, of all topics."""

    kind: Literal["stdout"] = "stdout"

    def open(self, facts: RunFacts) -> "Stdout":
        """Standard output of this process."""
        return Stdout()


class Stdout:
    """Prints records as they leave."""

    def send(self, records: Records) -> None:
        """Print the records of one chunk."""
        try:
            sys.stdout.buffer.writelines(value + b"\n" for value in records.sent().values)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # The reader has enough, as head(1) has. What is still buffered would fail again as the program ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(OK)

    def idle(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """A terminal needs no proof of delivery."""

    def finish(self) -> None:
        """Everything was flushed as it was printed."""
