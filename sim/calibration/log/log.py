"""A log: interactions of users with items in order of time, and what was measured of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.durations import DAY, HOUR, MINUTE, SECOND

__all__ = ["Log"]

_RESOLUTIONS = (DAY, HOUR, MINUTE, SECOND)
_SESSION_GAP = 30 * MINUTE


@dataclass(frozen=True)
class Log:
    """Rows sorted by user and time: codes of users and items from 0, and when (epoch ms).

    ``extra`` holds what else a row says: ``rating``, ``watch_s`` (seconds) and ``length_s``, each as long as the rows.

    >>> log = Log.of(user=["b", "a", "b"], item=["x", "x", "y"], at=[3000, 1000, 2000])
    >>> log.user.tolist(), log.item.tolist(), log.at.tolist()
    ([0, 1, 1], [0, 1, 0], [1000, 2000, 3000])
    """

    user: NDArray[np.int64]
    item: NDArray[np.int64]
    at: NDArray[np.int64]
    extra: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, user: ArrayLike, item: ArrayLike, at: ArrayLike, extra: Mapping[str, ArrayLike] | None = None
    ) -> "Log":
        """A log from columns in any order, with any ids."""
        users, items = (np.unique(np.asarray(ids), return_inverse=True)[1] for ids in (user, item))
        when = np.asarray(at, dtype=np.int64)
        order = np.lexsort((when, users))
        more = {name: np.asarray(column, dtype=np.float64)[order] for name, column in (extra or {}).items()}
        return cls(users[order].astype(np.int64), items[order].astype(np.int64), when[order], more)

    def __len__(self) -> int:
        return len(self.user)

    def rows(self, rows: NDArray[Any]) -> "Log":
        """Some of the rows, as a log with codes of its own."""
        return Log.of(
            self.user[rows], self.item[rows], self.at[rows], {k: v[rows] for k, v in self.extra.items()}
        )

    def of_users(self, users: NDArray[Any]) -> "Log":
        """The rows of some users."""
        return self.rows(np.flatnonzero(np.isin(self.user, users)))

    def halves(self, *, rng: np.random.Generator) -> tuple["Log", "Log"]:
        """Two logs with half of the users each, at random."""
        order = rng.permutation(self.users)
        return self.of_users(order[: self.users // 2]), self.of_users(order[self.users // 2 :])

    @cached_property
    def users(self) -> int:
        """Number of users."""
        return int(self.user.max(initial=-1)) + 1

    @cached_property
    def items(self) -> int:
        """Number of items."""
        return int(self.item.max(initial=-1)) + 1

    @cached_property
    def activity(self) -> NDArray[np.int64]:
        """Rows of each user."""
        return np.bincount(self.user, minlength=self.users)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """Rows of each item."""
        return np.bincount(self.item, minlength=self.items)

    @cached_property
    def opens(self) -> NDArray[np.bool_]:
        """True for each user's first row."""
        return np.concatenate([[True], self.user[1:] != self.user[:-1]]) if len(self) else np.zeros(0, bool)

    @cached_property
    def gap_s(self) -> NDArray[np.float64]:
        """Seconds since the same user's row before; NaN for the first."""
        gap = np.diff(self.at, prepend=self.at[:1]) / SECOND
        gap[self.opens] = np.nan
        return gap

    @cached_property
    def resolution(self) -> int:
        """The longest of a day, hour, minute, second or millisecond of which all times are multiples (ms)."""
        return next((step for step in _RESOLUTIONS if not (self.at % step).any()), 1)

    @cached_property
    def session_gap(self) -> int:
        """A gap of at least this (ms) begins a session: half an hour, or the step of a coarser clock."""
        return max(_SESSION_GAP, self.resolution)

    @cached_property
    def session_opens(self) -> NDArray[np.bool_]:
        """True for the first row of each session."""
        return self.opens | (np.nan_to_num(self.gap_s) * SECOND >= self.session_gap)

    @cached_property
    def session(self) -> NDArray[np.int64]:
        """Number of each row's session, from 0, over all users."""
        return np.cumsum(self.session_opens) - 1

    @cached_property
    def depth(self) -> NDArray[np.int64]:
        """Rows of each session."""
        return np.bincount(self.session) if len(self) else np.zeros(0, np.int64)

    @cached_property
    def sessions_of_user(self) -> NDArray[np.int64]:
        """Sessions of each user."""
        return np.bincount(self.user[self.session_opens], minlength=self.users)

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """Place of each row in its user's history, from 0."""
        return _places(self.opens)

    @cached_property
    def place_in_session(self) -> NDArray[np.int64]:
        """Place of each row in its session, from 0."""
        return _places(self.session_opens)

    @cached_property
    def repeats(self) -> NDArray[np.bool_]:
        """True where the user has met the item before."""
        _, first = np.unique(self.user * max(self.items, 1) + self.item, return_index=True)
        seen = np.ones(len(self), dtype=bool)
        seen[first] = False
        return seen

    @property
    def span(self) -> int:
        """Time from the first row to the end of the last one's instant (ms)."""
        return int(self.at.max() - self.at.min()) + self.resolution


def _places(opens: NDArray[np.bool_]) -> NDArray[np.int64]:
    begin = np.flatnonzero(opens)
    return np.arange(len(opens)) - begin[np.cumsum(opens) - 1] if len(opens) else np.zeros(0, np.int64)
