"""What viewers do beside watching: rates for each item shown."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from sim.calibration.chronicle import Chronicle
from sim.calibration.statistic import Statistic

__all__ = ["ActionRate"]


class ActionRate(Statistic):
    """Actions of some kinds for each item that was shown."""

    kind: Literal["action_rate"] = "action_rate"
    actions: tuple[str, ...] = Field(default=("like",), min_length=1)
    """Kinds of record."""
    per: str = "impression"
    """Kind of record that they are counted against."""

    @property
    def kinds(self) -> frozenset[str]:
        """None: counts are enough."""
        return frozenset()

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """A rate for each kind of action."""
        shown = chronicle.counts.get(self.per, 0)
        return {a: chronicle.counts.get(a, 0) / shown if shown else float("nan") for a in self.actions}
