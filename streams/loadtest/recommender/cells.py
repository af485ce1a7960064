"""Cells: what was shown, picked and watched, counted by the groups of one dimension."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.loadtest.intervals import share

__all__ = ["Cells"]


class Cells:
    """Counts for each group of viewers or items."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.slates, self.impressions, self.picks = np.zeros((3, len(names)), dtype=np.int64)
        self.watched_ms = np.zeros(len(names), dtype=np.float64)

    def show(self, slate_groups: NDArray[Any], item_groups: NDArray[Any]) -> None:
        """Slates and the items on them, by the group of each; a slate has no item's group."""
        self.slates += np.bincount(slate_groups, minlength=len(self.names))
        self.impressions += np.bincount(item_groups, minlength=len(self.names))

    def pick(self, groups: NDArray[Any]) -> None:
        """Picks, by the group of each."""
        self.picks += np.bincount(groups, minlength=len(self.names))

    def watch(self, groups: NDArray[Any], watched_ms: NDArray[Any]) -> None:
        """Time watched of what was picked."""
        self.watched_ms += np.bincount(groups, weights=watched_ms, minlength=len(self.names))

    def summary(self) -> dict[str, dict[str, Any]]:
        """The groups that were shown anything: CTR (picks an impression) with its interval, seconds watched a slate."""
        return {name: self._row(place) for place, name in enumerate(self.names) if self.impressions[place]}

    def _row(self, place: int) -> dict[str, Any]:
        ctr = share(int(self.picks[place]), int(self.impressions[place]))
        slates, picks, watched = (
            int(self.slates[place]),
            int(self.picks[place]),
            float(self.watched_ms[place]),
        )
        return {
            "slates": slates,
            "impressions": int(self.impressions[place]),
            "ctr": ctr["value"],
            "low": ctr["low"],
            "high": ctr["high"],
            "watch_seconds": round(watched / 1000 / slates, 3) if slates else None,
            "watch_seconds_per_pick": round(watched / 1000 / picks, 3) if picks else None,
        }
