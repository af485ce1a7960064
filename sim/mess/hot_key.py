"""Hot keys."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import Columns
from sim.durations import MINUTE, Duration
from sim.mess.flood import Crowd, Flood
from sim.seeds import Draws

__all__ = ["HotKey"]


class HotKey(Flood):
    """A few viewers whose clients report their progress without a pause, so that one partition gets most records.

    >>> HotKey(at="1h", per_second=200).members
    1
    """

    kind: Literal["hot_key"] = "hot_key"
    lasts: Duration | None = Field(default=10 * MINUTE, gt=0)
    """How long one flood lasts."""
    keys: int = Field(default=1, ge=1, le=1000)
    """Viewers who are hot, drawn anew for each flood."""
    per_second: float = Field(default=20.0, gt=0, le=10_000)
    """Events a second of each viewer."""

    @property
    def members(self) -> int:
        """How many viewers take part."""
        return self.keys

    @property
    def action(self) -> str:
        """What they do: a kind of journey record."""
        return "progress"

    def filled(
        self, columns: Columns, bits: NDArray[np.uint64], crowd: Crowd, flood: NDArray[np.int64]
    ) -> None:
        """Any item, at any place."""
        columns["item_id"] = (Draws.uniform_from(bits, 2) * crowd.items).astype(np.int64)
        columns["position_ms"] = (Draws.uniform_from(bits, 3) * 10 * MINUTE).astype(np.int64)
