"""The service level that must hold, and the highest rate at which it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streams.loadtest.thresholds import Threshold

__all__ = ["ServiceLevel", "StepFigures", "sustainable"]

_KNOWN = ("p50", "p95", "p99", "p99.9", "max", "mean", "errors")
_NOISE = 0.01


@dataclass(frozen=True)
class StepFigures:
    """What one step of the climb gave: its rate, latency percentiles (ms), share of errors, growth of the backlog."""

    rate: float
    figures: Mapping[str, float | None]
    backlog_slope: float

    @property
    def keeps_up(self) -> bool:
        """True if the backlog does not grow: by less than a hundredth of the rate, which is noise."""
        return self.backlog_slope <= _NOISE * self.rate


@dataclass(frozen=True)
class ServiceLevel:
    """Bounds that all must hold, such as ``p99<200ms,errors<1%``.

    >>> ServiceLevel.parse("p99<200ms").holds({"p99": 180.0})
    True
    """

    text: str
    bounds: tuple[Threshold, ...]

    @classmethod
    def parse(cls, text: str) -> "ServiceLevel":
        """The level that a text means."""
        parts = [Threshold.parse(part, flag="--slo") for part in text.split(",")]
        return cls(text, tuple(part.known(_KNOWN, flag="--slo") for part in parts))

    def holds(self, figures: Mapping[str, float | None]) -> bool:
        """Whether every bound is measured and holds."""
        return all(bool(bound.holds(figures)) for bound in self.bounds)


def sustainable(level: ServiceLevel, steps: list[StepFigures]) -> dict[str, Any]:
    """The highest rate at which a step kept the level with no growing backlog (None if none did), and every step."""
    told: list[dict[str, Any]] = [
        {
            "rate": round(step.rate, 3),
            **step.figures,
            "backlog_slope": round(step.backlog_slope, 3),
            "holds": level.holds(step.figures) and step.keeps_up,
        }
        for step in steps
    ]
    return {
        "slo": level.text,
        "rate": max((step["rate"] for step in told if step["holds"]), default=None),
        "steps": told,
    }
