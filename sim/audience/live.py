"""A live cohort: viewers whose slate is outstanding wait, while all others go on."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.audience.cohort import Cohort
from sim.batch import Columns, concatenated, taken
from sim.recommenders.live import LivePolicy
from sim.recommenders.recommender import SlateRequests, Slates

__all__ = ["LiveCohort", "Outstanding"]


class Outstanding:
    """Rows of columns that wait for an answer, by ticket; those put later have greater tickets.

    >>> outstanding = Outstanding()
    >>> outstanding.put(np.array([5, 4, 6]), {"row": np.array([11, 10, 12])})
    >>> outstanding.take(np.array([6, 4]))["row"]
    array([12, 10])
    >>> len(outstanding)
    1
    """

    def __init__(self) -> None:
        self._tickets = np.empty(0, dtype=np.int64)
        self._rows: Columns = {}

    def __len__(self) -> int:
        return len(self._tickets)

    def put(self, tickets: NDArray[np.int64], rows: Columns) -> None:
        """Keep rows until their answers come."""
        order = np.argsort(tickets)
        rows = taken(rows, order)
        self._tickets = np.concatenate([self._tickets, tickets[order]])
        self._rows = concatenated([self._rows, rows]) if self._rows else rows

    def clear(self) -> Columns | None:
        """All rows, if there are any; none waits any more."""
        rows, self._rows = self._rows, {}
        self._tickets = np.empty(0, dtype=np.int64)
        return rows or None

    def take(self, tickets: NDArray[np.int64]) -> Columns:
        """The rows of these tickets, which wait no more."""
        place = np.searchsorted(self._tickets, tickets)
        found, stays = taken(self._rows, place), np.ones(len(self._tickets), dtype=bool)
        stays[place] = False
        self._tickets, self._rows = self._tickets[stays], taken(self._rows, np.flatnonzero(stays))
        return found


class LiveCohort(Cohort):
    """A cohort before a live policy: what falls due is asked, and what was heard is acted upon, once a tick.

    A viewer sees a slate when it was due plus the time the answer took, but never in a tick that is over: an answer is
    heard at the beginning of the next one. Nobody else waits: sessions open and go on as they would in any case.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.outstanding = Outstanding()
        self._interrupted: Columns | None = None

    def go_on(self) -> None:
        """Take the stage again as a checkpoint left it; nobody will answer what was asked before."""
        if (rows := self.outstanding.clear()) is not None:
            self._interrupted = rows

    def advance(self, now: int) -> None:
        """All that viewers begin within ``[now, now + span)``."""
        policy = cast(LivePolicy, self.sessions.policy)
        interrupted, self._interrupted = self._interrupted, None
        if not policy.is_live(now):
            if interrupted is not None:
                self._walks.put({**interrupted, "at": np.maximum(interrupted["at"], now)})
            super().advance(now)
            return
        end = now + self.span
        self.clocks.begin(now, end, self.arrivals)
        self.accounts.settle(now, end)
        self._leave(self._leaving.pop(now // self.span))
        if interrupted is not None:
            self._give_up(policy, interrupted, now, end)
        self._hear(policy, now, end)
        walk = self._due(now // self.span, end)
        if walk is not None:
            asked = self.sessions.requests(walk)
            self.outstanding.put(policy.ask(asked), walk)

    def _give_up(self, policy: LivePolicy, walk: Columns, now: int, end: int) -> None:
        asked = self.sessions.requests(walk)
        walk = {**walk, "at": np.maximum(walk["at"], now)}
        self._answered(walk, asked, policy.interrupted(asked), end)

    def _hear(self, policy: LivePolicy, now: int, end: int) -> None:
        heard = policy.hear()
        if heard is None:
            return
        walk = self.outstanding.take(heard.tickets)
        asked = self.sessions.requests(walk)
        walk = {**walk, "at": np.maximum(walk["at"] + heard.waited, now)}
        self._answered(walk, asked, heard.slates, end)

    def _answered(self, walk: Columns, asked: SlateRequests, slates: Slates, end: int) -> None:
        going, over = self.sessions.respond(walk, asked, slates)
        self._end(over, end)
        # Those whose next slate is due in this tick already are asked for with all others of the tick.
        self._walks.put(going)
