"""Mood: what a viewer is tired of and pleased with, for as long as a session lasts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.settings import AudienceSettings
from sim.batch import Columns
from sim.catalog.catalog import Catalog
from sim.seeds import Draws

__all__ = ["MOOD", "Mood"]

MOOD = ("sated", "bored", "pleasure", "stalls")
_RECENT = np.float32(0.5)


@dataclass
class Mood:
    """Columns of a session beside those of its walk, only where a behaviour needs them.

    ``sated`` counts plays by genre (sessions × genres); ``bored`` is the boredom with what was played last,
    ``pleasure`` what recent slates gave, each half as much as the next, ``stalls`` how often playback has stalled.
    """

    settings: AudienceSettings
    catalog: Catalog

    def fresh(self, count: int) -> Columns:
        """The mood of so many viewers who have just come."""
        columns: Columns = {}
        if self.settings.satiation:
            columns["sated"] = np.zeros((count, len(self.catalog.genres)), dtype=np.float16)
        if self.settings.leaving:
            columns |= {name: np.zeros(count, dtype=np.float32) for name in ("bored", "pleasure", "stalls")}
        return columns

    def toll(self, walk: Columns, items: NDArray[Any]) -> NDArray[np.float32]:
        """What boredom takes from the utility of items (sessions × ranks)."""
        satiation = self.settings.satiation
        if satiation is None:
            return np.zeros((1, 1), dtype=np.float32)
        toll = satiation.weight * satiation.boredom(walk["sated"].astype(np.float32))
        genres = len(self.catalog.genres)
        place = np.arange(len(toll), dtype=np.int32)[:, None] * np.int32(genres) + self.catalog.genre[items]
        taken: NDArray[np.float32] = toll.astype(np.float32).ravel().take(place)
        return taken

    def faded(self, walk: Columns) -> Columns:
        """Columns of the mood as the next slate begins, free to be written to."""
        columns = {name: walk[name].copy() for name in MOOD if name in walk}
        if "pleasure" in columns:
            columns["pleasure"] *= _RECENT
        return columns

    def played(
        self,
        walk: Columns,
        rows: NDArray[Any],
        item: NDArray[Any],
        affinity: NDArray[Any],
        stalled: NDArray[Any],
    ) -> None:
        """Write down what a play did to the viewers of some rows."""
        if self.settings.satiation:
            genre = self.catalog.genre[item]
            count = self.settings.satiation.after(walk["sated"][rows], genre)
            walk["sated"][rows] = count
            if self.settings.leaving:
                last = count[np.arange(len(rows)), genre].astype(np.float32)
                walk["bored"][rows] = self.settings.satiation.boredom(last)
        if self.settings.leaving:
            walk["pleasure"][rows] += (1 - _RECENT) * (affinity + self.catalog.quality[item])
            walk["stalls"][rows] += stalled

    def leaves(self, walk: Columns, bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """True for those who have had enough after this slate."""
        leaving = self.settings.leaving
        if leaving is None:
            return np.zeros(1, dtype=np.bool_)
        hazard = leaving.hazard(walk["pleasure"], walk["bored"], walk["stalls"])
        return Draws.uniform_from(bits, 60) < hazard
