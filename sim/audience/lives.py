"""Lives: what happens to viewers between their sessions, from subscribing to being forgotten."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.churn import Churn
from sim.audience.consent import Consent, Erasure
from sim.audience.population import Population
from sim.audience.stock import Stock
from sim.batch import Columns, concatenated, taken
from sim.calendar import Calendar
from sim.durations import DAY
from sim.seeds import Draws
from sim.shares import coded, shares

__all__ = [
    "AWAY",
    "CANCEL",
    "CHANGE",
    "CLOSED",
    "ERASE",
    "ERASED",
    "GONE",
    "MEMBER",
    "NEW",
    "RETURN",
    "Lives",
]

MEMBER, AWAY, GONE, CLOSED, ERASED, NEW = range(6)
CANCEL, RETURN, CHANGE, ERASE = range(4)
_CHUNK = 1 << 18
_YEAR_DAYS = 365.25
# Subscriptions in the stock began at most so long before the run: days are counted from then.
_EARLIEST = 3650
# Where nobody subscribes, viewers have been there for so long on average.
_MEAN_TENURE_DAYS = 500


@dataclass
class Lives:
    """States of viewers, and the days on which they change; each day is drawn once, for everyone, when it begins.

    ``status`` says who is a member, away for a while, gone for good, closed (waiting to be forgotten), erased, or new
    (yet to join: numbers from ``first_new`` on);
    ``since`` is the day on which that began, ``spell`` the number of the subscription. What happens on a day is a hash
    of viewer and day, so that it is the same in every shard; what happens to few costs memory for few.
    """

    population: Population
    churn: Churn
    consent: Consent
    erasure: Erasure
    seed: int
    start: int
    span: int
    first_new: int = 2**62

    def __post_init__(self) -> None:
        count = len(self.population)
        self._draws, self._agenda = Draws(self.seed, "lives"), Calendar(self.span)
        self._born = self.start // DAY - _EARLIEST
        self._next_day = self.start // DAY
        self.status = np.zeros(count, dtype=np.uint8)
        self.spell = np.ones(count, dtype=np.uint8)
        self.since = np.full(count, _EARLIEST, dtype=np.uint16)
        if self.churn.contractual:
            self._settle(Stock.of(self.churn))
        new = np.flatnonzero(self.population.viewer >= self.first_new)
        self.status[new], self.spell[new] = NEW, 1

    @property
    def quiet(self) -> bool:
        """True if nothing ever happens to anybody by the day."""
        return not (self.churn.contractual or self.consent.changes_per_year or self.erasure.requests_per_year)

    def _settle(self, stock: Stock) -> None:
        for rows in self._chunks():
            bits = self._draws.bits(self.population.viewer[rows], 0)
            which, when, there, how_long = (Draws.uniform_from(bits, purpose) for purpose in range(1, 5))
            self.spell[rows], days = stock.drawn(which, when)
            away = there < stock.away
            rate = np.maximum(self.churn.resubscribing(np.zeros(int(away.sum()))), 1e-9)
            days[away] = np.minimum(-np.log1p(-how_long[away]) / rate, _EARLIEST).astype(np.int64)
            self.status[rows] = np.where(away, AWAY, MEMBER)
            self.since[rows] = _EARLIEST - days

    def _chunks(self) -> list[slice]:
        return [slice(first, first + _CHUNK) for first in range(0, len(self.status), _CHUNK)]

    def days(self, rows: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whole days at some times since the present status of viewers began."""
        passed: NDArray[np.int64] = at // DAY - self._born - self.since[rows]
        return np.maximum(passed, 0)

    def tenure_days(self, rows: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whole days at some times since viewers joined, or subscribed last."""
        days, viewer = self.days(rows, at), self.population.viewer[rows]
        if self.churn.contractual:
            return days
        before = -np.log1p(-self._draws.uniform(viewer, 5)) * _MEAN_TENURE_DAYS
        return np.where(viewer < self.first_new, days + 1 + before.astype(np.int64), days)

    def enter(self, rows: NDArray[np.int64], status: int, at: NDArray[np.int64]) -> None:
        """A status of viewers begins."""
        self.status[rows] = status
        self.since[rows] = at // DAY - self._born

    def returners(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Who, of those who cancel, will subscribe again."""
        return self.churn.returners(self._draws.uniform(self.population.viewer[rows], 1, self.spell[rows]))

    def drops_out(self, rows: NDArray[np.int64], session: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whose session was the last, without a word."""
        viewer = self.population.viewer[rows]
        last = self.churn.last_session(self._draws.uniform(viewer, 2))
        dropped: NDArray[np.bool_] = self._draws.uniform(viewer, 3, session) < last
        return dropped

    def choice(self, rows: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.uint8]:
        """What viewers agree to when they choose anew."""
        uniform = self._draws.uniform(self.population.viewer[rows], 4, at)
        return coded(shares(self.consent.shares), uniform)

    def due(self, now: int, end: int) -> Columns | None:
        """What happens in a tick: ``at``, ``row`` and ``what``, in order of time."""
        while not self.quiet and self._next_day * DAY < end:
            self._draw(self._next_day)
            self._next_day += 1
        due = self._agenda.pop(now // self.span)
        if due is None:
            return None
        return taken(due, np.lexsort((due["row"], due["at"])))

    def _draw(self, day: int) -> None:
        found = [part for rows in self._chunks() for part in self._drawn(rows, day)]
        if not found:
            return
        events = concatenated(found)
        self._agenda.put(taken(events, np.flatnonzero(events["at"] >= self.start)))

    def _drawn(self, rows: slice, day: int) -> list[Columns]:
        viewer, status = self.population.viewer[rows], self.status[rows]
        bits = self._draws.bits(viewer, day)
        parts = []
        for what, rate in self._rates(rows, status, day).items():
            hit = np.flatnonzero(Draws.uniform_from(bits, 1 + 2 * what) < -np.expm1(-rate))
            at = day * DAY + (Draws.uniform_from(bits[hit], 2 + 2 * what) * DAY).astype(np.int64)
            parts.append({"at": at, "row": hit + rows.start, "what": np.full(len(hit), what, dtype=np.uint8)})
        return [part for part in parts if len(part["at"])]

    def _rates(
        self, rows: slice, status: NDArray[np.uint8], day: int
    ) -> dict[int, NDArray[np.floating[Any]]]:
        rates: dict[int, NDArray[np.floating[Any]]] = {}
        member = status == MEMBER
        if self.churn.contractual:
            days = np.maximum(day - self._born - self.since[rows].astype(np.int64), 0)
            rates[CANCEL] = np.where(member, self.churn.cancelling(days, self.spell[rows]), 0)
            rates[RETURN] = np.where(status == AWAY, self.churn.resubscribing(days), 0)
        if self.consent.changes_per_year:
            rates[CHANGE] = np.where(member, self.consent.changes_per_year / _YEAR_DAYS, 0)
        if self.erasure.requests_per_year:
            rates[ERASE] = np.where(status <= GONE, self.erasure.requests_per_year / _YEAR_DAYS, 0)
        return rates
