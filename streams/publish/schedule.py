"""The schedule: when each event is meant to leave, fixed before it does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lateness", "Schedule"]

_EDGES = np.geomspace(0.001, 1000, 121)


@dataclass
class Schedule:
    """Maps simulated time to the wall clock at a constant speed, from a fixed beginning.

    The intended time of an event never moves, however late its predecessors were: lateness is measured against it, so
    that a stall counts for every event that it delayed (no coordinated omission). ``speed`` is simulated seconds a
    second, or None for as fast as possible.
    """

    speed: float | None
    live_from: int
    clock: Callable[[], float] = time.monotonic
    began: float | None = field(default=None, init=False)

    def paced(self, at: int) -> bool:
        """True if events of this simulated time have an intended wall time."""
        return self.speed is not None and at >= self.live_from

    def intended(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """Wall-clock seconds (of ``clock``) at which events are meant to leave; the first call starts the live part.

        Events before the live part are due at its beginning.
        """
        if self.speed is None:
            return np.full(len(at), -np.inf)
        if self.began is None:
            self.began = self.clock()
        return self.began + np.maximum(at - self.live_from, 0) / (1000 * self.speed)


class Lateness:
    """How much later than intended records left: a histogram of all of them, not of samples.

    >>> lateness = Lateness()
    >>> lateness.note(np.array([0.0, 0.01, 2.0]))
    >>> lateness.summary()["late_records"]
    1
    """

    threshold_s = 1.0

    def __init__(self) -> None:
        self._counts = np.zeros(len(_EDGES) + 1, dtype=np.int64)
        self._late = 0
        self._worst = 0.0

    def note(self, seconds: NDArray[np.float64]) -> None:
        """Count the lateness of records."""
        late = np.maximum(seconds, 0)
        self._counts += np.bincount(np.searchsorted(_EDGES, late), minlength=len(self._counts))
        self._late += int(np.count_nonzero(late > self.threshold_s))
        self._worst = max(self._worst, float(late.max(initial=0)))

    def quantile(self, q: float) -> float:
        """Upper bound of the bucket that holds the quantile, in seconds."""
        if not self._counts.sum():
            return 0.0
        place = int(np.searchsorted(np.cumsum(self._counts), q * self._counts.sum()))
        return float(min(_EDGES[min(place, len(_EDGES) - 1)], self._worst))

    def summary(self) -> dict[str, float]:
        """Quantiles in milliseconds, and the number of records more than a second late."""
        quantiles = {f"p{q * 100:g}_ms": round(self.quantile(q) * 1000, 1) for q in (0.5, 0.95, 0.99, 0.999)}
        return {**quantiles, "worst_ms": round(self._worst * 1000, 1), "late_records": self._late}
