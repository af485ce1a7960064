"""Bursts of bots."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import Columns
from sim.mess.flood import Crowd, Flood
from sim.seeds import digest64

__all__ = ["BotBurst"]


class BotBurst(Flood):
    """Many accounts that do the same thing to one item within a minute, faster than people do.

    >>> BotBurst(at="30m", bots=100).members
    100
    """

    kind: Literal["bot_burst"] = "bot_burst"
    bots: int = Field(default=50, ge=1, le=100_000)
    """Accounts that take part, drawn anew for each burst."""
    does: Literal["like", "dislike", "list_add", "share"] = "like"
    """What they do."""

    @property
    def members(self) -> int:
        """How many viewers take part."""
        return self.bots

    @property
    def action(self) -> str:
        """What they do: a kind of journey record."""
        return self.does

    def filled(
        self, columns: Columns, bits: NDArray[np.uint64], crowd: Crowd, flood: NDArray[np.int64]
    ) -> None:
        """One item for each burst."""
        bursts, which = np.unique(flood, return_inverse=True)
        items = [digest64("bot_burst", self.at, self.does, burst) % crowd.items for burst in bursts.tolist()]
        columns["item_id"] = np.array(items, dtype=np.int64)[which]
