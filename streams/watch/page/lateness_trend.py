"""Lateness: how much later than intended the shards send, as their progress records tell it."""

from collections import deque
from collections.abc import Iterable

from streams.progress import Progress

__all__ = ["LatenessTrend"]

_POINTS = 120
_TOLD = ("p50_ms", "p99_ms", "worst_ms")


class LatenessTrend:
    """The lateness of the worst shard, look by look: the slowest holds a fleet back.

    >>> trend = LatenessTrend()
    >>> trend.look([])
    >>> trend.as_json() is None
    True
    """

    def __init__(self) -> None:
        self._now: dict[str, float] = {}
        self._trend: deque[float] = deque(maxlen=_POINTS)

    def look(self, shards: Iterable[Progress]) -> None:
        """Take the newest progress record of every shard."""
        told = [shard.lateness for shard in shards if shard.lateness]
        if told:
            self._now = {name: max(each.get(name, 0.0) for each in told) for name in _TOLD}
            self._trend.append(self._now["p99_ms"])

    def as_json(self) -> dict[str, object] | None:
        """Quantiles in milliseconds now, and the 99th look by look; None if no shard is paced."""
        return {**self._now, "trend": list(self._trend)} if self._now else None
