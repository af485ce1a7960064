"""How much viewers play, and on how many days."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from sim.calibration.chronicle import Chronicle
from sim.calibration.statistic import Statistic, quantiles
from sim.durations import DAY

__all__ = ["ActiveDays", "PlaysPerUserDay"]


class PlaysPerUserDay(Statistic):
    """Plays on a day (UTC) on which a viewer plays anything: quantiles, mean and standard deviation."""

    kind: Literal["plays_per_user_day"] = "plays_per_user_day"
    at: tuple[float, ...] = (0.25, 0.5, 0.75)
    """Quantiles, from 0 to 1."""

    @property
    def kinds(self) -> frozenset[str]:
        """Plays."""
        return frozenset({"play"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """Plays by quantile, ``mean`` and ``sd``."""
        plays = _per_user_day(chronicle)
        mean, sd = (float(plays.mean()), float(plays.std())) if len(plays) else (float("nan"),) * 2
        return {**quantiles(plays, self.at), "mean": mean, "sd": sd}


class ActiveDays(Statistic):
    """Share of the span's days on which a viewer who plays at all plays anything."""

    kind: Literal["active_days"] = "active_days"

    @property
    def kinds(self) -> frozenset[str]:
        """Plays."""
        return frozenset({"play"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """The share."""
        players = len(np.unique(chronicle.of("play")["user_id"]))
        return {"": len(_per_user_day(chronicle)) / (players * chronicle.days) if players else float("nan")}


def _per_user_day(chronicle: Chronicle) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    play = chronicle.of("play")
    day = play["at"] // DAY - chronicle.start // DAY
    key = play["user_id"].astype(np.int64) * (int(chronicle.days) + 2) + day
    return np.unique(key, return_counts=True)[1]
