"""Nowhere: records are encoded and dropped, to see how fast that goes."""

from typing import Any, Literal

from sim.batch import Tick
from streams.publish.sinks.plan import RunFacts, SinkPlan

__all__ = ["Null", "NullPlan"]


class NullPlan(SinkPlan):
    """Nowhere: every event is encoded, its bytes counted and dropped."""

    kind: Literal["null"] = "null"

    def open(self, facts: RunFacts) -> "Null":
        """A counter of bytes."""
        return Null(facts.codec)


class Null:
    """Encodes every event and counts the bytes."""

    def __init__(self, codec: Any) -> None:
        self._codec = codec
        self.bytes = 0

    def take(self, tick: Tick) -> None:
        """Encode the events of one tick."""
        self.bytes += sum(self._codec.size(batch.sent()) for batch in tick.batches)

    def finish(self) -> None:
        """Nothing is on its way."""

    def figures(self) -> dict[str, int]:
        """Bytes that were encoded."""
        return {"bytes": self.bytes}
