"""The cohort: all viewers of a shard, advanced one tick at a time in whole columns."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.audience.midstream import Moments, sessions_going_on
from sim.audience.population import Region
from sim.audience.sessions import Sessions
from sim.batch import Columns, concatenated, taken
from sim.calendar import Calendar
from sim.durations import HOUR
from sim.recommenders.recommender import Policy
from sim.seeds import Draws, rng_for

__all__ = ["Cohort"]

_AWAY = np.iinfo(np.int64).max


class Cohort:
    """A SimPy process that opens sessions when viewers come, walks them from slate to slate, and sends viewers away.

    ``arrives`` is when each viewer comes next (epoch ms). Viewers come back after a gap drawn on the operational clock
    of their region, on which busy hours are long, so that the curve and the gaps both hold.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        regions: dict[str, Region],
        blocks: NDArray[np.int64],
        start: int,
        span: int,
        rate: float,
    ) -> None:
        self.sessions, self.population, self.span, self.rate = sessions, sessions.population, span, rate
        settings = sessions.settings
        self._clock = settings.arrivals.operational_time()
        self._offset = np.array(
            [round(region.utc_offset * HOUR) for region in regions.values()], dtype=np.int64
        )
        self._draws = Draws(sessions.seed, "return")
        self._walks = Calendar(span)
        self.session = np.zeros(len(self.population), dtype=np.uint32)
        self.arrives = self._first_arrivals(blocks, start)

    def begin_midstream(self, start: int, moments: Moments, session_ms: float) -> None:
        """Put the sessions on stage that began before the run did."""
        local = start + self._offset[self.population.region]
        pace = self.population.activity * self.rate * self._clock.intensity(local)
        away = self.sessions.settings.returning.mean / pace
        walk = sessions_going_on(self.sessions, away, moments, start=start, session_ms=session_ms)
        self.sessions.register(walk["row"], np.full(len(walk["row"]), start, dtype=np.int64))
        self._walks.put(walk)
        self.session[walk["row"]] = 1
        self.arrives[walk["row"]] = _AWAY

    def _first_arrivals(self, blocks: NDArray[np.int64], start: int) -> NDArray[np.int64]:
        parts, size = [], self.sessions.settings.block
        for block in blocks:
            rng = rng_for(self.sessions.seed, "first arrival", int(block))
            count = int(min(size, self.sessions.settings.viewers - block * size))
            parts.append(self.sessions.settings.returning.residual(rng.random(count), rng=rng))
        residual = np.concatenate(parts) if parts else np.empty(0)
        return self._later(np.full(len(residual), start), np.arange(len(residual)), residual)

    def _later(self, now: NDArray[np.int64], rows: NDArray[np.int64], gap: NDArray[Any]) -> NDArray[np.int64]:
        offset = self._offset[self.population.region[rows]]
        pace = self.population.activity[rows].astype(np.float64) * self.rate * self.sessions.dials["arrivals"]
        return self._clock.to_local(self._clock.from_local(now + offset) + gap / pace) - offset

    def run(self, env: simpy.Environment, policy: Policy, refresh: int) -> Generator[simpy.Event, Any, None]:
        """Advance the viewers at the beginning of every tick."""
        while True:
            now = int(env.now)
            if now % refresh < self.span:
                policy.refresh(now)
            self.advance(now)
            yield env.timeout(self.span)

    def advance(self, now: int) -> None:
        """All that viewers begin within ``[now, now + span)``."""
        end = now + self.span
        walk = self._due(now // self.span, end)
        while walk is not None:
            going, over = self.sessions.step(walk)
            self._leave(over)
            later = going["at"] >= end
            self._walks.put(taken(going, np.flatnonzero(later)))
            parts = [taken(going, np.flatnonzero(~later))] if not later.all() else []
            # Whoever leaves may be back before the tick is over.
            parts += self._opened(over["row"][self.arrives[over["row"]] < end])
            walk = concatenated(parts) if parts else None

    def _due(self, tick: int, end: int) -> Columns | None:
        parts = [] if (kept := self._walks.pop(tick)) is None else self._still_going(kept)
        parts += self._opened(np.flatnonzero(self.arrives < end))
        return concatenated(parts) if parts else None

    def _opened(self, rows: NDArray[np.int64]) -> list[Columns]:
        if not len(rows):
            return []
        opened = self.sessions.opened(rows, self.arrives[rows], self.session[rows].astype(np.int64))
        self.session[rows] += 1
        self.arrives[rows] = _AWAY
        return [opened]

    def _still_going(self, walk: Columns) -> list[Columns]:
        # A session met midstream in its last play has no slate to come: it ends when it is due.
        over = walk["slate"] >= walk["slates"]
        if not over.any():
            return [walk]
        self._leave(taken(walk, np.flatnonzero(over)))
        return [] if over.all() else [taken(walk, np.flatnonzero(~over))]

    def _leave(self, over: Columns) -> None:
        if not len(over["at"]):
            return
        self.sessions.ended(over)
        rows = over["row"]
        uniform = self._draws.uniform(self.population.viewer[rows], over["session"])
        gap = self.sessions.settings.returning.gap(uniform)
        self.arrives[rows] = np.maximum(self._later(over["at"], rows, gap), over["at"] + 1000)
