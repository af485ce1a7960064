"""The timeline of a test: what was meant, answered and outstanding in each tenth of a second."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Second", "Timeline"]

_BINS = 10
_KEPT_OPEN = 180


@dataclass(frozen=True)
class Second:
    """One second of the test: requests meant, answered well and failed in it; percentiles of those meant in it (ms)."""

    at: int
    offered: int
    answered: int
    failed: int
    backlog: int
    p50: float | None
    p99: float | None


class Timeline:
    """Counts by tenth of a second and percentiles by second; times are seconds from the beginning of the test."""

    def __init__(self) -> None:
        self._offered, self._answered, self._failed = (_Counts() for _ in range(3))
        self._open: dict[int, array[float]] = {}
        self._settled: dict[int, tuple[float, float]] = {}

    def note(self, intended: float, done: float, latency: float, *, well: bool, counts: bool) -> None:
        """One request; ``counts`` says whether its latency belongs to the distribution."""
        self._offered.add(intended)
        (self._answered if well else self._failed).add(done)
        if counts:
            self._latencies(int(intended)).append(latency)

    def _latencies(self, second: int) -> "array[float]":
        if second not in self._open:
            if len(self._open) > _KEPT_OPEN:
                self._settle(min(self._open))
            self._open[second] = array("f")
        return self._open[second]

    def _settle(self, second: int) -> None:
        # What comes in after so long belongs to the whole test's distribution alone.
        self._settled.setdefault(second, _quantiles(self._open.pop(second)))

    @property
    def backlog(self) -> NDArray[np.int64]:
        """Requests that were meant and not over, at the end of each tenth of a second."""
        size = max(len(counts) for counts in (self._offered, self._answered, self._failed))
        offered, answered, failed = (c.upto(size) for c in (self._offered, self._answered, self._failed))
        outstanding: NDArray[np.int64] = np.cumsum(offered - answered - failed)
        return outstanding

    def slope(self, begin: float, end: float) -> float:
        """By how many requests a second the backlog grows between two times (least squares)."""
        part = self.backlog[round(begin * _BINS) : round(end * _BINS)]
        if len(part) < 2:
            return 0.0
        return float(np.polynomial.polynomial.polyfit(np.arange(len(part)) / _BINS, part, 1)[1])

    def outstanding(self, seconds: float) -> float:
        """The mean backlog over the test: L in Little's law, sampled ten times a second."""
        part = self.backlog[: max(round(seconds * _BINS), 1)]
        return float(part.mean()) if len(part) else 0.0

    def seconds(self) -> list[Second]:
        """The test second by second."""
        backlog = self.backlog
        whole = [counts.by_second(len(backlog)) for counts in (self._offered, self._answered, self._failed)]
        ends = backlog[np.minimum(np.arange(len(whole[0])) * _BINS + _BINS - 1, len(backlog) - 1)]
        none: tuple[None, None] = (None, None)
        quantiles: dict[int, tuple[float | None, float | None]] = {**self._settled}
        quantiles |= {second: _quantiles(times) for second, times in self._open.items()}
        return [
            Second(at, int(meant), int(well), int(failed), int(left), *quantiles.get(at, none))
            for at, (meant, well, failed, left) in enumerate(zip(*whole, ends, strict=True))
        ]


class _Counts:
    def __init__(self) -> None:
        self._bins = array("q")

    def __len__(self) -> int:
        return len(self._bins)

    def add(self, second: float) -> None:
        place = max(int(second * _BINS), 0)
        if place >= len(self._bins):
            self._bins.extend([0] * (place + 1 - len(self._bins)))
        self._bins[place] += 1

    def upto(self, size: int) -> NDArray[np.int64]:
        bins = np.array(self._bins, dtype=np.int64)
        return np.pad(bins, (0, size - len(bins)))

    def by_second(self, size: int) -> NDArray[np.int64]:
        bins = self.upto(-(-size // _BINS) * _BINS)
        whole: NDArray[np.int64] = bins.reshape(-1, _BINS).sum(axis=1)
        return whole


def _quantiles(latencies: "array[float]") -> tuple[float, float]:
    p50, p99 = np.quantile(np.array(latencies, dtype=np.float64) * 1000, (0.5, 0.99), method="higher")
    return round(float(p50), 3), round(float(p99), 3)
