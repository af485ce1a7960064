"""Percentiles of times by HDR histogram: three exact digits from a microsecond to an hour, in constant memory."""

from hdrh.histogram import HdrHistogram

__all__ = ["Percentiles"]

_LOWEST_US, _HIGHEST_US, _DIGITS = 1, 3_600_000_000, 3
_TOLD = (50.0, 95.0, 99.0, 99.9)


class Percentiles:
    """The distribution of some times (Gil Tene's HdrHistogram).

    >>> times = Percentiles()
    >>> times.note(0.0125)
    >>> times.summary()["p99"]
    12.503
    """

    def __init__(self) -> None:
        self._histogram = HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)

    def note(self, seconds: float, count: int = 1) -> None:
        """Count a time."""
        self._histogram.record_value(min(max(round(seconds * 1e6), _LOWEST_US), _HIGHEST_US), count)

    @property
    def count(self) -> int:
        """How many times were counted."""
        return int(self._histogram.get_total_count())

    @property
    def mean_s(self) -> float:
        """Their mean, in seconds."""
        return float(self._histogram.get_mean_value()) / 1e6 if self.count else 0.0

    def at(self, percentile: float) -> float | None:
        """Milliseconds below which so many percent of the times lie; None if there are none."""
        if not self.count:
            return None
        return round(float(self._histogram.get_value_at_percentile(percentile)) / 1000, 3)

    def summary(self) -> dict[str, float | None]:
        """The usual percentiles and the greatest time, in milliseconds."""
        told: dict[str, float | None] = {f"p{percentile:g}": self.at(percentile) for percentile in _TOLD}
        return {**told, "max": self.at(100.0)}
