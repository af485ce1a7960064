"""Readings: what one window of one feature said."""

from dataclasses import asdict, dataclass
from typing import Any

from streams.watch.drift.change import Judgement

__all__ = ["MAJOR_PSI", "Reading"]

MAJOR_PSI = 0.2


@dataclass(frozen=True)
class Reading:
    """A window of a feature against the reference, and the verdict of the change test.

    >>> judgement = Judgement(statistic=9.0, critical=30.0, effect=0.1, tolerance=0.2)
    >>> Reading("rank", "chi_square", 0, 900, 50, 400, {"psi": 0.3}, judgement, None).record()["psi_major"]
    True
    """

    feature: str
    detector: str
    start_ms: int
    end_ms: int
    n: int
    reference_n: int
    measures: dict[str, float]
    judgement: Judgement
    adwin_ms: int | None
    """Simulated time of the value at which ADWIN saw a change in this window."""

    @property
    def detected(self) -> bool:
        """Whether the change test fired."""
        return self.judgement.detected

    def record(self) -> dict[str, Any]:
        """The reading as a record of the topic ``drift``."""
        return {
            "event_id": f"drift-{self.feature}-{self.end_ms}",
            "kind": "reading",
            "occurred_at": self.end_ms,
            "schema_version": 1,
            "synthetic": True,
            "feature": self.feature,
            "window_start": self.start_ms,
            "n": self.n,
            "reference_n": self.reference_n,
            "measures": self.measures,
            "psi_major": self.measures["psi"] > MAJOR_PSI,
            "detector": self.detector,
            **asdict(self.judgement),
            "detected": self.detected,
            "adwin_changed_at": self.adwin_ms,
        }
