"""Reactions: what viewers make of what they have just played."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.audience.settings import AudienceSettings
from sim.batch import Columns, taken
from sim.catalog.catalog import Catalog
from sim.dials import Dials
from sim.events import RecordKind, kind_named
from sim.seeds import Draws
from sim.stage import Stage

__all__ = ["Reacting"]

_LIKE, _DISLIKE, _RATE, _LIST_ADD, _SHARE, _FOLLOW = (
    kind_named("journeys", name) for name in ("like", "dislike", "rate", "list_add", "share", "follow")
)


@dataclass
class Reacting:
    """Rules by which plays are liked, rated, put on lists, shared and their creators followed."""

    settings: AudienceSettings
    catalog: Catalog
    dials: Dials
    stage: Stage

    def __post_init__(self) -> None:
        self._lenient, self._good = (Draws(self.catalog.seed, "rating", of) for of in ("viewer", "item"))

    def react(
        self, end: NDArray[np.int64], who: Columns, affinity: NDArray[Any], bits: NDArray[np.uint64]
    ) -> None:
        """Let viewers react as their plays end."""
        reactions, level = self.settings.reactions, self.dials.of("reactions", who["user_id"])
        lift = np.exp(np.clip(0.5 * affinity, -3, 3))
        self._some(_LIKE, end, who, Draws.uniform_from(bits, 12) < level * reactions.like * lift)
        self._some(_DISLIKE, end, who, Draws.uniform_from(bits, 13) < level * reactions.dislike / lift)
        rated = np.flatnonzero(Draws.uniform_from(bits, 14) < level * reactions.rate)
        if len(rated):
            self._rate(end[rated], taken(who, rated), affinity[rated], bits[rated])
        self._spread(end, who, lift * level, bits)

    def _rate(
        self, end: NDArray[np.int64], who: Columns, affinity: NDArray[Any], bits: NDArray[np.uint64]
    ) -> None:
        viewer, item = self._lenient.uniform(who["user_id"]), self._good.uniform(who["item_id"])
        normal = (ndtri(np.maximum(u, 1e-16)) for u in (viewer, item, Draws.uniform_from(bits, 15)))
        halves = self.settings.rating.halves(affinity, *normal)
        self.stage.emit(_RATE, {"at": end, **who, "stars": halves // 2, "half": halves % 2})

    def _spread(
        self, end: NDArray[np.int64], who: Columns, lift: NDArray[Any], bits: NDArray[np.uint64]
    ) -> None:
        # One draw decides between the three, so a play has at most one of them.
        left = Draws.uniform_from(bits, 50) / lift
        for kind in (_LIST_ADD, _SHARE, _FOLLOW):
            share = getattr(self.settings.reactions, kind.name)
            rows = np.flatnonzero((left >= 0) & (left < share))
            left = left - share
            if len(rows):
                columns = {"at": end[rows], **taken(who, rows)}
                if kind is _FOLLOW:
                    columns["creator_id"] = self.catalog.creator[columns["item_id"]]
                self.stage.emit(kind, columns)

    def _some(self, kind: RecordKind, at: NDArray[np.int64], who: Columns, rows: NDArray[np.bool_]) -> None:
        self.stage.emit(kind, taken({"at": at, **who}, np.flatnonzero(rows)))
