"""The cohort: all viewers of a shard, advanced one tick at a time in whole columns."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.audience.accounts import Accounts
from sim.audience.churn import Churn
from sim.audience.clocks import Clocks
from sim.audience.company import Company
from sim.audience.crowds import Crowds
from sim.audience.lives import MEMBER, Lives
from sim.audience.midstream import Moments, sessions_going_on
from sim.audience.population import Region
from sim.audience.sessions import Sessions
from sim.audience.waiting import Waiting
from sim.batch import Columns, concatenated, taken
from sim.calendar import Calendar
from sim.durations import SECOND
from sim.seeds import Draws, rng_for

__all__ = ["Cohort"]

_ENDLESS = 1e18


class Cohort:
    """A SimPy process that opens sessions when viewers come, walks them from slate to slate, and sends viewers away.

    Viewers come back after a gap drawn on the operational clock of their region and device, on which busy hours are
    long, so that the curve and the gaps both hold, whatever a dial or a crowd does to the clock meanwhile.
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
        settings, people = sessions.settings, sessions.population
        self.clocks = Clocks(settings.arrivals, regions, tuple(settings.devices), start=start)
        self.waiting = Waiting(self.clocks, self.clocks.of(people.region, people.device))
        self.company = Company(people, sessions.stage, regions, settings.block)
        self._draws, self._again = (Draws(sessions.seed, purpose) for purpose in ("return", "turned away"))
        self._walks, self._leaving = Calendar(span), Calendar(span)
        self.session = np.zeros(len(people), dtype=np.uint32)
        self._first_arrivals(blocks)
        stays = settings.churn or Churn(kind="none")
        self.lives = Lives(
            people,
            stays,
            settings.consent,
            settings.erasure,
            sessions.seed,
            start=start,
            span=span,
            first_new=settings.viewers,
        )
        people.tenure_days = self.lives.tenure_days
        self.accounts = Accounts(self.lives, sessions, self.waiting, self.clocks, self.session)
        self._newcomers(start)

    @property
    def crowds(self) -> Crowds:
        """Where an actor gathers a crowd: see :class:`~sim.audience.crowds.Crowds`."""
        return self.clocks.crowds

    def away_ms(self, start: int) -> NDArray[np.float64]:
        """Mean gap between sessions of each viewer, if all were as it is at a time (ms); endless for who is away."""
        pace = self.population.activity * self.rate * self.clocks.intensity(self.waiting.clock, start)
        settings = self.sessions.settings
        away = settings.excitation.mean_gap(settings.returning.mean / pace)
        return np.where(self.lives.status == MEMBER, away, _ENDLESS)

    def gaps_ms(self) -> NDArray[np.float64]:
        """Mean gap between sessions of each viewer by the return behaviour (ms); endless for who is away."""
        gaps = self.sessions.settings.returning.mean / self.population.activity.astype(np.float64)
        return np.where(self.lives.status == MEMBER, gaps, _ENDLESS)

    def begin_midstream(self, start: int, moments: Moments, session_ms: float) -> None:
        """Put the sessions on stage that began before the run did."""
        walk = sessions_going_on(
            self.sessions, self.away_ms(start), moments, start=start, session_ms=session_ms
        )
        self.sessions.register(walk["row"], np.full(len(walk["row"]), start, dtype=np.int64))
        self.company.enter(walk["row"], np.full(len(walk["row"]), start, dtype=np.int64), walk["session"])
        self._walks.put(walk)
        self.session[walk["row"]] = 1
        self.waiting.forget(walk["row"])

    def _first_arrivals(self, blocks: NDArray[np.int64]) -> None:
        settings, size, start = self.sessions.settings, self.sessions.settings.block, 0
        for block in blocks:
            rng = rng_for(self.sessions.seed, "first arrival", int(block))
            rows = np.arange(start, start + int(min(size, settings.people - block * size)))
            activity = self.population.activity[rows].astype(np.float64)
            residual = settings.returning.residual(rng.random(len(rows)), rng=rng) / activity
            if settings.excitation.branching:
                mean = settings.returning.mean / activity
                residual = np.minimum(residual, settings.excitation.residuals(mean, rng=rng) * self.rate)
            self.waiting.put(rows, residual)
            start += len(rows)

    def _newcomers(self, start: int) -> None:
        settings, viewer = self.sessions.settings, self.population.viewer
        draws, first = Draws(self.sessions.seed, "newcomers"), settings.viewers
        for each in settings.newcomers:
            rows = np.arange(*np.searchsorted(viewer, [first, first + each.count]))
            passed = each.passed(draws.uniform(viewer[rows], 0))
            begin = start + each.at
            at = self.clocks.spread(self.waiting.clock[rows], begin, begin + each.over, passed)
            self.accounts.expect(rows, at)
            first += each.count

    def run(
        self, env: simpy.Environment, refresh: Callable[[int], None], *, every: int, since: int
    ) -> Generator[simpy.Event, Any, None]:
        """Advance the viewers at the beginning of every tick; ``refresh`` is called ``every`` so many ms before that.

        What was before ``since`` (epoch ms) has been acted out already.
        """
        while True:
            now = int(env.now)
            if now >= since:
                if now % every < self.span:
                    refresh(now)
                self.advance(now)
            yield env.timeout(self.span)

    def go_on(self) -> None:
        """Take the stage again as a checkpoint left it."""

    @property
    def arrivals(self) -> float:
        """How often viewers are about to come, relative to the scenario's curve."""
        dials = self.sessions.dials
        return self.rate * dials["arrivals"] * dials.attendance.level

    def advance(self, now: int) -> None:
        """All that viewers begin within ``[now, now + span)``."""
        end = now + self.span
        self.clocks.begin(now, end, self.arrivals)
        self.accounts.settle(now, end)
        self._leave(self._leaving.pop(now // self.span))
        walk = self._due(now // self.span, end)
        while walk is not None:
            going, over = self.sessions.step(walk)
            self._end(over, end)
            later = going["at"] >= end
            self._walks.put(taken(going, np.flatnonzero(later)))
            parts = [taken(going, np.flatnonzero(~later))] if not later.all() else []
            # Whoever leaves may be back before the tick is over.
            parts += self._opened(end)
            walk = concatenated(parts) if parts else None

    def _due(self, tick: int, end: int) -> Columns | None:
        parts = [] if (kept := self._walks.pop(tick)) is None else self._still_going(kept, end)
        parts += self._opened(end)
        return concatenated(parts) if parts else None

    def _opened(self, end: int) -> list[Columns]:
        rows = self.waiting.take(self.span, end)
        if not len(rows):
            return []
        at = self.clocks.time(self.waiting.clock[rows], self.waiting.due[rows])
        if self.sessions.dials.attendance:
            rows, at = self._admitted(rows, at)
        opened = self.sessions.opened(rows, at, self.session[rows].astype(np.int64))
        self.company.enter(rows, at, self.session[rows])
        self.session[rows] += 1
        self.waiting.forget(rows)
        return [opened]

    def _admitted(
        self, rows: NDArray[np.int64], at: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Those who do come; the others draw anew when they will."""
        come = self.sessions.dials.attendance.admitted(self.population, rows, at)
        away, tried = rows[~come], at[~come]
        clock, behaviour = self.waiting.clock[away], self.sessions.settings.returning
        gap = behaviour.gap(self._again.uniform(self.population.viewer[away], tried))
        due = self.clocks.reading(clock, tried) + gap / self.population.activity[away]
        self.waiting.put(away, np.maximum(due, self.clocks.reading(clock, tried + SECOND)))
        return rows[come], at[come]

    def _still_going(self, walk: Columns, end: int) -> list[Columns]:
        # A session met midstream in its last play has no slate to come: it ends when it is due.
        over = walk["slate"] >= walk["slates"]
        if not over.any():
            return [walk]
        self._end(taken(walk, np.flatnonzero(over)), end)
        return [] if over.all() else [taken(walk, np.flatnonzero(~over))]

    def _end(self, over: Columns, end: int) -> None:
        if not len(over["at"]):
            return
        self.sessions.ended(over)
        gone = {name: over[name] for name in ("at", "row", "session")}
        later = gone["at"] >= end
        self._leaving.put(taken(gone, np.flatnonzero(later)))
        self._leave(taken(gone, np.flatnonzero(~later)))

    def _leave(self, gone: Columns | None) -> None:
        """Those whose sessions are over, within this tick, draw when they come back."""
        if gone is None or not len(gone["at"]):
            return
        gone = taken(gone, np.flatnonzero(self.accounts.staying(gone)))
        rows, at = gone["row"], gone["at"]
        settings, clock = self.sessions.settings, self.waiting.clock[rows]
        bits = self._draws.bits(self.population.viewer[rows], gone["session"])
        gap = settings.returning.gap(Draws.uniform_from(bits, 0)) / self.population.activity[rows]
        due = self.clocks.reading(clock, at) + gap
        if settings.excitation.branching:
            delay = settings.excitation.delays(bits)
            brought = np.flatnonzero(np.isfinite(delay))
            due[brought] = self.clocks.reading(clock[brought], at[brought] + delay[brought].astype(np.int64))
        self.waiting.put(rows, np.maximum(due, self.clocks.reading(clock, at + SECOND)))
