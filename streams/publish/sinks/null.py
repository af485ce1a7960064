"""Nowhere: records are encoded and dropped, to see how fast that goes."""

from sim.batch import Tick
from streams.codec.json_codec import JsonCodec

__all__ = ["Null"]


class Null:
    """Encodes every event and counts the bytes."""

    def __init__(self, codec: JsonCodec) -> None:
        self._codec = codec
        self.bytes = 0

    def take(self, tick: Tick) -> None:
        """Encode the events of one tick."""
        self.bytes += sum(self._codec.size(batch) for batch in tick.batches)

    def finish(self) -> None:
        """Nothing is on its way."""
