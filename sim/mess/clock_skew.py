"""Clock skew between devices."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.durations import SECOND, Duration
from sim.events import RecordKind
from sim.mess.mess import Mess
from sim.mess.spoiling import lognormal
from sim.seeds import Draws

__all__ = ["ClockSkew"]


class ClockSkew(Mess):
    """Devices whose clocks are wrong: ``occurred_at`` is by their clock, Kafka's timestamp is right.

    A viewer's device keeps its error, log-normal in size, ahead or behind. What a service writes by itself (the
    catalogue, the audience) has the right time.

    >>> ClockSkew(rate=0.02, by="90s").by
    90000
    """

    kind: Literal["clock_skew"] = "clock_skew"
    rate: float = Field(default=0.01, gt=0, le=1)
    """Share of the viewers whose device has a wrong clock."""
    by: Duration = Field(default=30 * SECOND, ge=1)
    """Median of the error."""
    spread: float = Field(default=1.0, ge=0, le=3)
    """Spread of the error: standard deviation of its logarithm."""
    ahead: float = Field(default=0.5, ge=0, le=1)
    """Share of the wrong clocks that are ahead; the others are behind."""

    def can_hit(self, kind: RecordKind) -> bool:
        """Only what a viewer's device writes has its clock."""
        return kind.topic in ("journeys", "content")

    def skew(self, bits: NDArray[np.uint64]) -> NDArray[np.int64]:
        """What each device's clock is ahead, in ms, by 64 random bits of its viewer; 0 if it is right."""
        error = lognormal(Draws.uniform_from(bits, 2), self.by, self.spread)
        error = np.where(Draws.uniform_from(bits, 3) < self.ahead, error, -error)
        return np.where(Draws.uniform_from(bits, 1) < self.rate, error, 0)
