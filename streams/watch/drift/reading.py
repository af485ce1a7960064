"""Readings: what one window of one feature said."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from streams.watch.drift.detector import Verdict

__all__ = ["MAJOR_PSI", "Reading"]

MAJOR_PSI = 0.2


@dataclass(frozen=True)
class Reading:
    """A window of a feature against the reference, and the verdict of each detector.

    >>> verdict = Verdict(statistic=9.0, threshold=30.0, p=0.4, detected=False)
    >>> reading = Reading("rank", 0, 900, 50, 400, {"psi": 0.3}, {"chi_square": verdict})
    >>> reading.record()["psi_major"], reading.detector
    (True, 'chi_square')
    """

    feature: str
    start_ms: int
    end_ms: int
    n: int
    reference_n: int
    measures: Mapping[str, float]
    """Distances of the window from the reference."""
    verdicts: Mapping[str, Verdict]
    """By the name of the detector; never empty."""
    missing: float = 0.0
    """Share of the records without the field."""

    @property
    def detected(self) -> bool:
        """Whether a detector that alarms fired."""
        return any(verdict.detected and verdict.alarms for verdict in self.verdicts.values())

    @property
    def detector(self) -> str:
        """The first detector that alarmed; the first of all, if none did."""
        alarmed = (name for name, each in self.verdicts.items() if each.detected and each.alarms)
        return next(alarmed, next(iter(self.verdicts)))

    def fired(self, detector: str) -> bool:
        """Whether a detector fired."""
        return detector in self.verdicts and self.verdicts[detector].detected

    def record(self) -> dict[str, Any]:
        """The reading as a record of the topic ``drift``."""
        told = _told(self.verdicts[self.detector])
        return {
            "event_id": f"drift-{self.feature}-{self.end_ms}",
            "kind": "reading",
            "occurred_at": self.end_ms,
            "schema_version": 1,
            "synthetic": True,
            "feature": self.feature,
            "window_start": self.start_ms,
            "n": self.n,
            "missing": self.missing,
            "reference_n": self.reference_n,
            "measures": dict(self.measures),
            "psi_major": self.measures.get("psi", 0.0) > MAJOR_PSI,
            "detector": self.detector,
            "statistic": told["statistic"],
            "critical": told["threshold"],
            "effect": told["effect"],
            "tolerance": told["tolerance"],
            "detected": self.detected,
            "adwin_changed_at": self.verdicts["adwin"].at_ms if "adwin" in self.verdicts else None,
            "verdicts": {name: _told(verdict) for name, verdict in self.verdicts.items()},
        }


def _told(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON, which knows no infinity."""
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in asdict(verdict).items()
    }
