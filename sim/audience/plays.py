"""Plays: from the first frame to the last, and what the viewer makes of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.attention import Attention
from sim.audience.holds import Holds, Player
from sim.audience.network import Network
from sim.audience.reactions import Reacting
from sim.audience.settings import AudienceSettings
from sim.audience.talk import Talkers
from sim.batch import Columns, taken
from sim.catalog.catalog import Catalog
from sim.dials import Dials
from sim.events import kind_named
from sim.seeds import Draws
from sim.stage import Stage

__all__ = ["Beginning", "Played", "Plays"]

_PLAY, _PROGRESS, _SKIP, _ABANDON, _COMPLETE = (
    kind_named("journeys", name) for name in ("play", "progress", "skip", "abandon", "complete")
)


@dataclass(frozen=True)
class Beginning:
    """Items that viewers have picked to play, one row each.

    ``at`` is when they were picked (epoch ms), ``who`` the fields that all events of the play share, ``origin`` where
    the items came from.
    """

    at: NDArray[np.int64]
    who: Columns
    affinity: NDArray[Any]
    device: NDArray[Any]
    language: NDArray[Any]
    bits: NDArray[np.uint64]
    origin: NDArray[np.uint8]

    def rows(self, rows: NDArray[Any]) -> "Beginning":
        """Some of the plays."""
        return Beginning(
            self.at[rows],
            taken(self.who, rows),
            self.affinity[rows],
            self.device[rows],
            self.language[rows],
            self.bits[rows],
            self.origin[rows],
        )


@dataclass(frozen=True)
class Played:
    """What became of plays: when they ended (epoch ms), what part was watched, and whether they stalled."""

    end: NDArray[np.int64]
    ratio: NDArray[Any]
    stalled: NDArray[np.bool_]


@dataclass
class Plays:
    """Rules by which plays start, run, end and are reacted to."""

    settings: AudienceSettings
    catalog: Catalog
    dials: Dials
    stage: Stage
    talkers: Talkers

    def __post_init__(self) -> None:
        self._network = Network(self.settings)
        self._attention = Attention(self.settings, self.catalog)
        self._player = Player(self.settings.interruptions, self.stage)
        self._reacting = Reacting(self.settings, self.catalog, self.dials, self.stage)

    def run(self, beginning: Beginning) -> Played:
        """Play an item for each viewer."""
        delay, gone = self._network.startup(beginning.device, beginning.bits)
        start = beginning.at + 1 + delay
        if not gone.any():
            return self._watched(start, beginning)
        self._give_up(start[gone], beginning.rows(gone))
        ratio, stalled = np.zeros(len(start)), np.zeros(len(start), dtype=np.bool_)
        stayed = np.flatnonzero(~gone)
        played = self._watched(start[stayed], beginning.rows(stayed))
        start[stayed], ratio[stayed], stalled[stayed] = played.end, played.ratio, played.stalled
        return Played(start, ratio, stalled)

    def _give_up(self, at: NDArray[np.int64], beginning: Beginning) -> None:
        length = self.catalog.duration_ms[beginning.who["item_id"]]
        nothing = np.zeros(len(at), dtype=np.int64)
        self.stage.emit(_ABANDON, {"at": at, **beginning.who, "watched_ms": nothing, "duration_ms": length})

    def _watched(self, start: NDArray[np.int64], beginning: Beginning) -> Played:
        who, bits, affinity = beginning.who, beginning.bits, beginning.affinity
        length = self.catalog.duration_ms[who["item_id"]]
        self.stage.emit(_PLAY, {"at": start, **who, "duration_ms": length, "origin": beginning.origin})
        ratio, loops = self._attention.ratio(
            who["item_id"], beginning.device, affinity, Draws.uniform_from(bits, 11)
        )
        ratio = ratio * self.dials["watch_scale"]
        lost = self._network.rebuffering(beginning.device, bits)
        if lost is not None and self.settings.experience:
            ratio *= self.settings.experience.kept(lost)
        watched = self._attention.watched(ratio, loops, length)
        holds = self._player.held(watched, bits, lost)
        self._player.tell(holds, start, who)
        end: NDArray[np.int64] = start + watched + holds.before(watched)
        self._quarters(start, who, length, watched, holds)
        self._stop(end, {**who, "watched_ms": watched, "duration_ms": length}, ratio)
        self._reacting.react(end, who, affinity, bits)
        self.talkers.speak(end, who, beginning.language, bits, talk=self.dials["talk"])
        return Played(end, ratio, np.zeros(len(end), np.bool_) if lost is None else lost > 0)

    def _quarters(
        self,
        start: NDArray[np.int64],
        who: Columns,
        length: NDArray[Any],
        watched: NDArray[Any],
        holds: Holds,
    ) -> None:
        for quarter in (1, 2, 3):
            position = length * quarter // 4
            passed = np.flatnonzero(watched > position)
            at = start + position + holds.before(position)
            self.stage.emit(_PROGRESS, taken({"at": at, **who, "position_ms": position}, passed))

    def _stop(self, end: NDArray[np.int64], played: Columns, ratio: NDArray[Any]) -> None:
        complete = ratio >= 1
        skipped = ~complete & (played["watched_ms"] < self.settings.reactions.skip_before)
        for kind, rows in ((_COMPLETE, complete), (_SKIP, skipped), (_ABANDON, ~complete & ~skipped)):
            self.stage.emit(kind, taken({"at": end, **played}, np.flatnonzero(rows)))
