"""Standard output: one JSON object a line, of all topics."""

import sys
import time
from typing import Any

from streams.publish.records import Records

__all__ = ["Stdout"]


class Stdout:
    """Prints records as they leave."""

    def send(self, records: Records) -> None:
        """Print the records of one chunk."""
        sys.stdout.buffer.write(b"\n".join(records.values) + b"\n")
        sys.stdout.buffer.flush()

    def idle(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def progress(self, record: dict[str, Any]) -> None:
        """A terminal needs no proof of delivery."""

    def finish(self) -> None:
        """Everything was flushed as it was printed."""
