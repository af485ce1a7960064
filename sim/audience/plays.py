"""Plays: from the first frame to the last, and what the viewer makes of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.settings import AudienceSettings
from sim.audience.talk import Talkers
from sim.batch import Columns, taken
from sim.catalog.catalog import Catalog
from sim.dials import Dials
from sim.events import RecordKind, kind_named
from sim.seeds import Draws
from sim.stage import Stage

__all__ = ["Plays"]

_PLAY, _PROGRESS, _SKIP, _ABANDON, _COMPLETE, _LIKE, _DISLIKE, _RATE = (
    kind_named("journeys", name)
    for name in ("play", "progress", "skip", "abandon", "complete", "like", "dislike", "rate")
)
# Ordered probit: cut points that give the star shares of MovieLens 100K (6.1, 11.4, 27.1, 34.2 and 21.2 per cent).
_STAR_CUTS = np.array([-1.546, -0.935, -0.138, 0.799])


@dataclass
class Plays:
    """Rules by which plays run, end and are reacted to."""

    settings: AudienceSettings
    catalog: Catalog
    dials: Dials
    stage: Stage
    talkers: Talkers

    def run(
        self,
        start: NDArray[np.int64],
        who: Columns,
        affinity: NDArray[Any],
        language: NDArray[Any],
        bits: NDArray[np.uint64],
    ) -> NDArray[np.int64]:
        """Play an item for each viewer; returns when each stops (epoch ms)."""
        length = self.catalog.duration_ms[who["item_id"]]
        self.stage.emit(_PLAY, {"at": start, **who, "duration_ms": length})
        ratio = (
            self.settings.watching.ratio(affinity, length, Draws.uniform_from(bits, 11))
            * self.dials["watch_scale"]
        )
        watched = np.maximum(np.minimum(ratio, 1.0) * length, 1).astype(np.int64)
        end: NDArray[np.int64] = start + watched
        self._quarters(start, who, length, watched)
        self._stop(end, {**who, "watched_ms": watched, "duration_ms": length}, ratio)
        self._react(end, who, affinity, bits)
        self.talkers.speak(end, who, language, bits, talk=self.dials["talk"])
        return end

    def _quarters(
        self, start: NDArray[np.int64], who: Columns, length: NDArray[Any], watched: NDArray[Any]
    ) -> None:
        for quarter in (1, 2, 3):
            position = length * quarter // 4
            passed = np.flatnonzero(watched > position)
            there = taken({"at": start + position, **who, "position_ms": position}, passed)
            self.stage.emit(_PROGRESS, there)

    def _stop(self, end: NDArray[np.int64], played: Columns, ratio: NDArray[Any]) -> None:
        complete = ratio >= 1
        skipped = ~complete & (played["watched_ms"] < self.settings.reactions.skip_before)
        for kind, rows in ((_COMPLETE, complete), (_SKIP, skipped), (_ABANDON, ~complete & ~skipped)):
            self.stage.emit(kind, taken({"at": end, **played}, np.flatnonzero(rows)))

    def _react(
        self, end: NDArray[np.int64], who: Columns, affinity: NDArray[Any], bits: NDArray[np.uint64]
    ) -> None:
        reactions, level = self.settings.reactions, self.dials["reactions"]
        lift = np.exp(np.clip(0.5 * affinity, -3, 3))
        self._some(_LIKE, end, who, Draws.uniform_from(bits, 12) < level * reactions.like * lift)
        self._some(_DISLIKE, end, who, Draws.uniform_from(bits, 13) < level * reactions.dislike / lift)
        rated = np.flatnonzero(Draws.uniform_from(bits, 14) < level * reactions.rate)
        noise = np.sqrt(-2 * np.log1p(-Draws.uniform_from(bits[rated], 15)))
        noise *= np.cos(2 * np.pi * Draws.uniform_from(bits[rated], 16))
        feeling = (0.6 * affinity[rated] + noise) / np.sqrt(1 + 0.6**2)
        stars = 1 + np.searchsorted(_STAR_CUTS, feeling)
        self.stage.emit(_RATE, {"at": end[rated], **taken(who, rated), "stars": stars})

    def _some(self, kind: RecordKind, at: NDArray[np.int64], who: Columns, rows: NDArray[np.bool_]) -> None:
        self.stage.emit(kind, taken({"at": at, **who}, np.flatnonzero(rows)))
