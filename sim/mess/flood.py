"""Floods: mess that adds events of viewers who are there, many in a short time."""

from abc import abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import Columns
from sim.durations import MINUTE, Duration
from sim.events import RecordKind
from sim.mess.mess import Mess
from sim.seeds import Draws

__all__ = ["Crowd", "Flood"]

_FIRST_SESSION = 90_000


class Crowd(NamedTuple):
    """Who and what a flood can draw from."""

    viewers: int
    block: int
    items: int


class Flood(Mess):
    """Extra events, evenly spaced with some jitter: they have keys, sources and numbers as all others."""

    lasts: Duration | None = Field(default=MINUTE, gt=0)
    """How long one flood lasts."""
    per_second: float = Field(default=2.0, gt=0, le=10_000)
    """Events a second of each viewer."""

    @property
    @abstractmethod
    def members(self) -> int:
        """How many viewers take part."""

    @property
    @abstractmethod
    def action(self) -> str:
        """What they do: a kind of journey record."""

    @abstractmethod
    def filled(
        self, columns: Columns, bits: NDArray[np.uint64], crowd: Crowd, flood: NDArray[np.int64]
    ) -> None:
        """Add the columns that the kind has beside viewer and session; ``bits`` belong to each event."""

    def can_hit(self, kind: RecordKind) -> bool:
        """Only its own kind is added."""
        return kind.topic == "journeys" and kind.name == self.action

    def events(self, draws: Draws, crowd: Crowd, begin: int, end: int) -> Columns | None:
        """The events of [begin, end), in ms after the start of the run; None if there are none."""
        last = self.at + self.lasts if self.every is None and self.lasts is not None else end
        begin, end = max(begin, self.at), min(end, last)
        if begin >= end:
            return None
        time = np.arange(
            int((begin - self.at) * self.per_second / 1000) - 1,
            int((end - self.at) * self.per_second / 1000) + 2,
        )
        event, member = (grid.ravel() for grid in np.meshgrid(time, np.arange(self.members), indexing="ij"))
        bits = draws.bits(member, np.maximum(event, 0))
        at = self.at + ((event + Draws.uniform_from(bits, 1)) * (1000 / self.per_second)).astype(np.int64)
        kept = np.flatnonzero((event >= 0) & (at >= begin) & (at < end) & self.active(at))
        if not len(kept):
            return None
        at, member, bits = at[kept], member[kept], bits[kept]
        flood = np.zeros(len(at), np.int64) if self.every is None else (at - self.at) // self.every
        who = (draws.bits(flood, member, 0) % np.uint64(crowd.viewers)).astype(np.int64)
        columns = {
            "at": at,
            "source": who // crowd.block,
            "user_id": who,
            "session_id": _FIRST_SESSION + flood % 10_000,
        }
        self.filled(columns, bits, crowd, flood)
        return columns
