"""Gates: thresholds that are checked for sense before a test and for truth after it."""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from streams.loadtest.exchange import WIRE_ERRORS
from streams.loadtest.thresholds import Threshold, flattened

__all__ = ["LOAD_FIGURES", "broken", "gates"]

_TIMES = ("p50", "p95", "p99", "p99.9", "max")
LOAD_FIGURES = (
    *("offered_rate", "achieved_rate", "requests", "error_share", "sustainable.rate"),
    *("backlog.max", "backlog.at_end", "backlog.slope_per_s"),
    *("littles_law.outstanding", "littles_law.rate_times_latency", "littles_law.ratio"),
    *("retry_after.count", "retry_after.max_s"),
    *(f"{name}.{p}" for name in ("lateness_ms", "latency_ms", "service_ms") for p in _TIMES),
    *(f"errors.{kind}" for kind in WIRE_ERRORS),
)
"""Names of the figures that every load test has; ``*`` stands for any words."""


def gates(texts: Iterable[str], known: Iterable[str]) -> tuple[Threshold, ...]:
    """The thresholds that ``--fail-if`` gives; a name that no figure will have is an error before the test begins."""
    known = tuple(known)
    return tuple(Threshold.parse(text).known(known) for text in texts)


def broken(
    thresholds: Sequence[Threshold], figures: Mapping[str, Any], *, counts: Sequence[str] = ("errors.*",)
) -> list[str]:
    """Why the test fails, a line for each threshold that says so; what ``counts`` match is 0 if it never occurred."""
    measured = flattened(figures)
    for threshold in thresholds:
        if any(fnmatchcase(threshold.name, pattern) for pattern in counts):
            measured.setdefault(threshold.name, 0.0)
    failures = (threshold.failure(measured) for threshold in thresholds)
    return [failure for failure in failures if failure]
