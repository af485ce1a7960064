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

__all__ = ["Beginning", "Course", "Plays"]

_PLAY, _PROGRESS, _SKIP, _ABANDON, _COMPLETE = (
    kind_named("journeys", name) for name in ("play", "progress", "skip", "abandon", "complete")
)


@dataclass(frozen=True)
class Beginning:
    """Items that viewers have picked to play, one row each.

    ``who`` has the fields that all events of the play share, ``origin`` says where the items came from.
    """

    who: Columns
    affinity: NDArray[Any]
    device: NDArray[Any]
    language: NDArray[Any]
    bits: NDArray[np.uint64]
    origin: NDArray[np.uint8]


@dataclass(frozen=True)
class Course:
    """How plays will go, whenever they begin.

    ``delay`` is the time to the first frame (ms), ``gone`` who does not wait for it, ``ratio`` the time until the
    viewer stops over the item's length, ``watched`` how much is played (ms), ``stalled`` whether playback stalls.
    """

    delay: NDArray[np.int64]
    gone: NDArray[np.bool_]
    ratio: NDArray[Any]
    watched: NDArray[np.int64]
    stalled: NDArray[np.bool_]
    holds: Holds

    @property
    def lasts(self) -> NDArray[np.int64]:
        """Time from picking to stopping (ms)."""
        lasts: NDArray[np.int64] = 1 + self.delay + self.watched + self.holds.before(self.watched)
        return lasts


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

    def course(self, beginning: Beginning) -> Course:
        """How the plays will go."""
        bits, item, device = beginning.bits, beginning.who["item_id"], beginning.device
        delay, gone = self._network.startup(device, bits)
        ratio, loops = self._attention.ratio(item, device, beginning.affinity, Draws.uniform_from(bits, 11))
        ratio = ratio * self.dials.of("watch_scale", beginning.who["user_id"])
        lost = self._network.rebuffering(device, bits)
        if lost is not None and self.settings.experience:
            ratio *= self.settings.experience.kept(lost)
        watched = self._attention.watched(ratio, loops, self.catalog.duration_ms[item])
        if gone.any():
            ratio[gone], watched[gone] = 0, 0
        stalled = np.zeros(len(delay), np.bool_) if lost is None else (lost > 0) & ~gone
        return Course(delay, gone, ratio, watched, stalled, self._player.held(watched, bits, lost))

    def act(self, beginning: Beginning, course: Course, at: NDArray[np.int64]) -> None:
        """Let the plays take their course, picked at the given times (epoch ms)."""
        who, watched, start = beginning.who, course.watched, at + 1 + course.delay
        length = self.catalog.duration_ms[who["item_id"]]
        end = at + course.lasts
        self._player.tell(course.holds, start, who)
        self._quarters(start, who, length, watched, course.holds)
        self._stop(end, {**who, "watched_ms": watched, "duration_ms": length}, course)
        stayed = np.flatnonzero(~course.gone) if course.gone.any() else slice(None)
        who, end, bits = (
            {name: column[stayed] for name, column in who.items()},
            end[stayed],
            beginning.bits[stayed],
        )
        told: Columns = {"duration_ms": length[stayed], "origin": beginning.origin[stayed]}
        self.stage.emit(_PLAY, {"at": start[stayed], **who, **told})
        self._reacting.react(end, who, beginning.affinity[stayed], bits)
        self.talkers.speak(end, who, beginning.language[stayed], bits, dials=self.dials)

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

    def _stop(self, end: NDArray[np.int64], played: Columns, course: Course) -> None:
        complete = course.ratio >= 1
        skipped = ~complete & (played["watched_ms"] < self.settings.reactions.skip_before) & ~course.gone
        for kind, rows in ((_COMPLETE, complete), (_SKIP, skipped), (_ABANDON, ~complete & ~skipped)):
            self.stage.emit(kind, taken({"at": end, **played}, np.flatnonzero(rows)))
