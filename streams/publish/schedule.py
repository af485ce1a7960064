"""The schedule: when each event is meant to leave, fixed before it does."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lateness", "Schedule"]

_EDGES = np.geomspace(0.001, 1000, 121)


@dataclass
class _Stretch:
    """A stretch of simulated time at one speed; ``began`` is its beginning on the wall clock, once it is known."""

    at: int
    speed: float | None
    began: float | None = None


class Schedule:
    """Maps simulated time to the wall clock at a speed that may change, from a fixed beginning.

    The intended time of an event never moves, however late its predecessors were: lateness is measured against it, so
    that a stall counts for every event that it delayed (no coordinated omission). ``speed`` is simulated seconds a
    second, or None for as fast as possible; it holds from ``live_from`` on. A stretch at another speed begins where
    the one before it was meant to end: what is late by then stays late, and nothing is bunched to catch up.

    >>> schedule = Schedule(1.0, 0, clock=lambda: 100.0)
    >>> schedule.turn(10_000, 2.0)
    >>> schedule.intended(np.array([0, 10_000, 12_000])).tolist()
    [100.0, 110.0, 111.0]
    """

    def __init__(
        self, speed: float | None, live_from: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.live_from, self.clock = live_from, clock
        self._stretches = [_Stretch(live_from, speed)]
        # Changes come from the thread that simulates ahead of the one that sends.
        self._lock = Lock()

    @property
    def speed(self) -> float | None:
        """The speed that was set last."""
        return self._stretches[-1].speed

    def paced(self, at: int) -> bool:
        """True if events of this simulated time have an intended wall time."""
        return at >= self.live_from and self._of(at).speed is not None

    def intended(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """Wall-clock seconds (of ``clock``) at which events are meant to leave; the first call starts the live part.

        Events before the live part are due at its beginning.
        """
        with self._lock:
            if len(self._stretches) == 1:
                return self._due(0, at)
            edges = [stretch.at for stretch in self._stretches]
            of = np.maximum(np.searchsorted(edges, at, "right") - 1, 0)
            due = np.empty(len(at))
            for number in np.unique(of).tolist():
                due[of == number] = self._due(number, at[of == number])
        return due

    def turn(self, at: int, speed: float | None) -> None:
        """Let another speed hold from a simulated time on, which no event has reached yet."""
        with self._lock:
            if at <= self._stretches[-1].at:
                self._stretches[-1].speed = speed
            else:
                self._stretches.append(_Stretch(at, speed))

    def resume(self, at: int) -> None:
        """Go on now from a simulated time at which the clock stood still."""
        with self._lock:
            if at < self.live_from or self.speed is None:
                return
            if at > self._stretches[-1].at:
                self._stretches.append(_Stretch(at, self.speed))
            last = self._stretches[-1]
            last.began = max(self._beginning(len(self._stretches) - 1), self.clock())

    def _due(self, number: int, at: NDArray[np.int64]) -> NDArray[np.float64]:
        stretch = self._stretches[number]
        if stretch.speed is None:
            return np.full(len(at), -np.inf)
        return self._beginning(number) + np.maximum(at - stretch.at, 0) / (1000 * stretch.speed)

    def _of(self, at: int) -> _Stretch:
        return next(
            (stretch for stretch in reversed(self._stretches) if stretch.at <= at), self._stretches[0]
        )

    def _beginning(self, number: int) -> float:
        stretch, before = self._stretches[number], self._stretches[number - 1] if number else None
        if stretch.began is None:
            if before is None or before.speed is None:
                stretch.began = self.clock()
            else:
                passed = (stretch.at - before.at) / (1000 * before.speed)
                stretch.began = self._beginning(number - 1) + passed
        return stretch.began


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

    @property
    def records(self) -> int:
        """How many records were counted."""
        return int(self._counts.sum())

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
