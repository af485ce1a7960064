"""Accounts: what viewers do about their account, as records, and who may still come."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.clocks import Clocks
from sim.audience.lives import AWAY, CANCEL, CHANGE, CLOSED, ERASE, ERASED, GONE, MEMBER, NEW, RETURN, Lives
from sim.audience.sessions import Sessions
from sim.audience.waiting import Waiting
from sim.batch import Columns
from sim.calendar import Calendar
from sim.durations import MINUTE, SECOND
from sim.events import kind_named

__all__ = ["Accounts"]

_CANCELLED, _RESUBSCRIBED, _CONSENT_CHANGED, _ERASURE_REQUESTED, _ERASED = (
    kind_named("audience", name)
    for name in ("cancelled", "resubscribed", "consent_changed", "erasure_requested", "erased")
)
# Something may still be written after a session: see sim.audience.talk.
_AFTERMATH = MINUTE

Rows = NDArray[np.int64]


@dataclass
class Accounts:
    """Acts out what :class:`Lives` has in store: keeps viewers from coming, or lets them come again, and says so.

    ``session`` counts the sessions of each viewer, 0 for those whom the log does not know yet.
    """

    lives: Lives
    sessions: Sessions
    waiting: Waiting
    clocks: Clocks
    session: NDArray[np.uint32]

    def __post_init__(self) -> None:
        self._tombstones = Calendar(self.lives.span)
        self._requested: dict[int, int] = {}
        self._now = self.lives.start
        self.waiting.dismiss(np.flatnonzero(self.lives.status != MEMBER))
        self._joining = Calendar(self.lives.span)

    def expect(self, rows: Rows, at: NDArray[np.int64]) -> None:
        """Newcomers will join at these times."""
        self._joining.put({"at": at, "row": rows})

    def settle(self, now: int, end: int) -> None:
        """All that viewers do about their accounts within ``[now, end)``."""
        self._now = now
        if joining := self._joining.pop(now // self.lives.span):
            self._join(joining["row"], joining["at"])
        due = self.lives.due(now, end)
        if due is not None:
            # Who asks to be forgotten does nothing else about the account.
            acts = ((ERASE, self._close), (CANCEL, self._cancel), (RETURN, self._resubscribe))
            for what, act in (*acts, (CHANGE, self._change)):
                chosen = np.flatnonzero(due["what"] == what)
                if len(chosen):
                    act(due["row"][chosen], due["at"][chosen])
        self._forget(self._tombstones.pop(now // self.lives.span))

    def staying(self, gone: Columns) -> NDArray[np.bool_]:
        """Which of those whose sessions are over will come again; columns ``at``, ``row`` and ``session``."""
        rows, lives = gone["row"], self.lives
        if lives.churn.dropping:
            dropped = lives.drops_out(rows, gone["session"]) & (lives.status[rows] == MEMBER)
            lives.enter(rows[dropped], GONE, gone["at"][dropped])
        stays: NDArray[np.bool_] = lives.status[rows] == MEMBER
        self.waiting.dismiss(rows[~stays])
        closed = np.flatnonzero(lives.status[rows] == CLOSED)
        if len(closed):
            requested = np.array([self._requested.pop(row) for row in rows[closed].tolist()], dtype=np.int64)
            self._plan_tombstones(rows[closed], requested, gone["at"][closed] + _AFTERMATH)
        return stays

    def _who(self, rows: Rows, at: NDArray[np.int64]) -> Columns:
        viewer = self.lives.population.viewer[rows]
        return {"at": at, "source": viewer // self.sessions.settings.block, "user_id": viewer}

    def _join(self, rows: Rows, at: NDArray[np.int64]) -> None:
        rows, at = _where(self.lives.status[rows] == NEW, rows, at)
        self.lives.enter(rows, MEMBER, at)
        self.waiting.put(rows, self.clocks.reading(self.waiting.clock[rows], at))

    def _known(self, rows: Rows) -> None:
        """Introduce viewers whom the log does not know yet, before anything else in this tick."""
        new = rows[self.session[rows] == 0]
        self.sessions.register(new, np.full(len(new), self._now, dtype=np.int64))
        self.session[new] = 1

    def _cancel(self, rows: Rows, at: NDArray[np.int64]) -> None:
        lives = self.lives
        rows, at = _where(lives.status[rows] == MEMBER, rows, at)
        self._known(rows)
        tenure, spell = lives.days(rows, at), lives.spell[rows]
        self.sessions.stage.emit(
            _CANCELLED, {**self._who(rows, at), "tenure_days": tenure, "subscription": spell}
        )
        lives.enter(rows, GONE, at)
        lives.status[rows[lives.returners(rows)]] = AWAY
        self.waiting.dismiss(rows[self.waiting.expected(rows)])

    def _resubscribe(self, rows: Rows, at: NDArray[np.int64]) -> None:
        lives = self.lives
        rows, at = _where(lives.status[rows] == AWAY, rows, at)
        self._known(rows)
        away = lives.days(rows, at)
        lives.spell[rows] = np.minimum(lives.spell[rows], 98) + 1
        self.sessions.stage.emit(
            _RESUBSCRIBED,
            {**self._who(rows, at), "away_days": away, "subscription": lives.spell[rows]},
        )
        lives.enter(rows, MEMBER, at)
        # Whoever is still inside, from before cancelling, simply stays.
        rows, at = _where(self.waiting.dismissed(rows), rows, at)
        self.waiting.put(rows, self.clocks.reading(self.waiting.clock[rows], at + SECOND))

    def _change(self, rows: Rows, at: NDArray[np.int64]) -> None:
        people, chosen = self.lives.population, self.lives.choice(rows, at)
        changed = (self.lives.status[rows] == MEMBER) & (chosen != people.consent[rows])
        rows, at, chosen = rows[changed], at[changed], chosen[changed]
        self._known(rows)
        before = people.consent[rows]
        people.consent[rows] = chosen
        self.sessions.stage.emit(
            _CONSENT_CHANGED, {**self._who(rows, at), "consent": chosen, "before": before}
        )

    def _close(self, rows: Rows, at: NDArray[np.int64]) -> None:
        lives = self.lives
        rows, at = _where(lives.status[rows] <= GONE, rows, at)
        self._known(rows)
        self.sessions.stage.emit(
            _ERASURE_REQUESTED, {**self._who(rows, at), "grace_ms": np.full(len(rows), lives.erasure.grace)}
        )
        inside = ~(self.waiting.expected(rows) | self.waiting.dismissed(rows))
        lives.enter(rows, CLOSED, at)
        self._requested |= dict(zip(rows[inside].tolist(), at[inside].tolist(), strict=True))
        self.waiting.dismiss(rows[~inside])
        self._plan_tombstones(rows[~inside], at[~inside], at[~inside])

    def _plan_tombstones(self, rows: Rows, requested: NDArray[np.int64], free: NDArray[np.int64]) -> None:
        at = np.maximum(requested + self.lives.erasure.grace, free)
        self._tombstones.put({"at": at, "row": rows})
        viewer: NDArray[Any] = self.lives.population.viewer[rows]
        self.sessions.stage.departures |= dict(zip(viewer.tolist(), at.tolist(), strict=True))

    def _forget(self, due: Columns | None) -> None:
        if due is not None:
            self.lives.enter(due["row"], ERASED, due["at"])
            self.sessions.stage.emit(_ERASED, self._who(due["row"], due["at"]))


def _where(kept: NDArray[np.bool_], rows: Rows, at: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int64]]:
    return rows[kept], at[kept]
