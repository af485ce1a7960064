"""Holds: what keeps a play from going straight on, such as pauses, jumps back and stalls."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.settings import Interruptions
from sim.batch import Columns, taken
from sim.events import RecordKind, kind_named
from sim.seeds import Draws
from sim.stage import Stage

__all__ = ["Holds", "Player"]

_PAUSE, _SEEK, _STALL = (kind_named("journeys", name) for name in ("pause", "seek", "stall"))
# Data that come this little late are not noticed.
_NOTICED = 100


@dataclass(frozen=True)
class _Hold:
    kind: RecordKind
    rows: NDArray[np.int64]
    place: NDArray[np.int64]
    lasts: NDArray[np.int64]


@dataclass
class Holds:
    """Holds of a column of plays: where in the item, and for how long (both ms)."""

    plays: int
    parts: list[_Hold] = field(default_factory=list)

    def before(self, place: NDArray[Any]) -> NDArray[np.int64]:
        """Milliseconds by which each play reaches a place in its item later than it would."""
        held = np.zeros(self.plays, dtype=np.int64)
        for part in self.parts:
            held[part.rows] += np.where(part.place < place[part.rows], part.lasts, 0)
        return held


@dataclass
class Player:
    """The buttons of a player, and the network's whims."""

    settings: Interruptions
    stage: Stage

    def held(self, watched: NDArray[np.int64], bits: NDArray[np.uint64], lost: NDArray[Any] | None) -> Holds:
        """What holds up plays of some length; ``lost`` is the time lost in stalls over the time played."""
        holds, settings = Holds(len(watched)), self.settings
        # One draw decides between the two, so a play has at most one of them.
        left = Draws.uniform_from(bits, 40) if settings.pause + settings.seek > 0 else np.ones(len(bits))
        for kind, share, mean in (
            (_PAUSE, settings.pause, settings.paused),
            (_SEEK, settings.seek, settings.sought),
        ):
            self._add(holds, kind, np.flatnonzero((left >= 0) & (left < share)), watched, bits, mean)
            left = left - share
        if lost is not None:
            lasts = (lost * watched).astype(np.int64)
            rows = np.flatnonzero(lasts >= _NOTICED)
            holds.parts.append(_Hold(_STALL, rows, _place(watched[rows], bits[rows], 48), lasts[rows]))
        return holds

    def _add(
        self,
        holds: Holds,
        kind: RecordKind,
        rows: NDArray[np.int64],
        watched: NDArray[np.int64],
        bits: NDArray[np.uint64],
        mean: int,
    ) -> None:
        rows = rows[watched[rows] > 0]
        if len(rows):
            first = 41 if kind is _PAUSE else 44
            place = _place(watched[rows], bits[rows], first)
            drawn = 1 - np.log1p(-Draws.uniform_from(bits[rows], first + 1)) * mean
            # Jumping back from a place takes as long as it took to get there, at most.
            lasts = np.rint(drawn).astype(np.int64) if kind is _PAUSE else np.minimum(mean, place)
            holds.parts.append(_Hold(kind, rows, place, lasts))

    def tell(self, holds: Holds, start: NDArray[np.int64], who: Columns) -> None:
        """Put the holds of plays on the stage."""
        for part in holds.parts:
            place = np.zeros(holds.plays, dtype=np.int64)
            place[part.rows] = part.place
            reached = (start + place + holds.before(place))[part.rows]
            mine = {**taken(who, part.rows), "position_ms": part.place}
            if part.kind is _SEEK:
                self.stage.emit(part.kind, {"at": reached, **mine, "to_ms": part.place - part.lasts})
            else:
                self.stage.emit(part.kind, {"at": reached + part.lasts, **mine, "lasted_ms": part.lasts})


def _place(watched: NDArray[np.int64], bits: NDArray[np.uint64], purpose: int) -> NDArray[np.int64]:
    return (Draws.uniform_from(bits, purpose) * watched).astype(np.int64)
