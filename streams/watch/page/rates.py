"""Rates: counts that only grow, as events per second over the last minutes."""

from collections import deque
from collections.abc import Mapping

__all__ = ["Rates"]

_POINTS = 600
_SOONEST_S = 0.5


class Rates:
    """Rates of several counters, a point at each look; the oldest points are forgotten.

    >>> rates = Rates()
    >>> rates.look(10.0, {"journeys": 100})
    >>> rates.look(12.0, {"journeys": 500})
    >>> rates.as_json()
    {'at': [12.0], 'rates': {'journeys': [200.0]}}
    """

    def __init__(self, points: int = _POINTS) -> None:
        self._at: deque[float] = deque(maxlen=points)
        self._rates: dict[str, deque[float]] = {}
        self._points = points
        self._last: tuple[float, dict[str, int]] | None = None

    def look(self, now: float, counts: Mapping[str, int]) -> None:
        """Take the counters at this time, in seconds; a look within half a second of the last is none."""
        before = self._last
        if before is not None and now - before[0] < _SOONEST_S:
            return
        self._last = (now, dict(counts))
        if before is None:
            return
        elapsed = now - before[0]
        for name in counts:
            if name not in self._rates:
                self._rates[name] = deque([0.0] * len(self._at), maxlen=self._points)
        self._at.append(round(now, 2))
        for name, row in self._rates.items():
            row.append(round((counts.get(name, 0) - before[1].get(name, 0)) / elapsed, 1))

    def mean(self, name: str, seconds: float) -> float:
        """Mean rate over the last seconds; 0 if nothing is known."""
        if name not in self._rates or not self._at:
            return 0.0
        since = self._at[-1] - seconds
        recent = [rate for at, rate in zip(self._at, self._rates[name], strict=True) if at > since]
        return sum(recent) / len(recent)

    def as_json(self) -> dict[str, object]:
        """Times and the rate of each counter at them."""
        return {"at": list(self._at), "rates": {name: list(row) for name, row in self._rates.items()}}
