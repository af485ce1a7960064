"""A troupe: the accounts of a campaign, and what becomes of them when they are caught."""

from collections import Counter
from typing import Literal

import numpy as np

__all__ = ["Reaction", "Troupe"]

Reaction = Literal["persist", "retreat", "replace"]


class Troupe:
    """Accounts recruited from the audience, one a member; a member whose account is suspended reacts.

    *persist*: the account goes on, warned but not suspended. *retreat*: the member is silent from then on.
    *replace*: the member takes an account that nobody in the troupe has had before.

    >>> troupe = Troupe(100, 2, "replace", rng=np.random.default_rng(0))
    >>> before = troupe.account(0)
    >>> troupe.strike(0, before, enough=1)
    >>> troupe.account(0) not in (before, troupe.account(1), None)
    True
    """

    def __init__(self, viewers: int, members: int, reaction: Reaction, *, rng: np.random.Generator) -> None:
        # Twice as many as needed: the second half is the reserve of those who come back under another name.
        drawn = rng.choice(viewers, min(2 * members, viewers), replace=False)
        self._accounts: list[int | None] = drawn[:members].tolist()
        self._reserve: list[int] = drawn[members:].tolist()
        self._strikes: Counter[int] = Counter()
        self.reaction = reaction

    def __len__(self) -> int:
        return len(self._accounts)

    def account(self, member: int) -> int | None:
        """The account that a member uses at present, or None if it has retreated."""
        return self._accounts[member]

    def strike(self, member: int, account: int, enough: int) -> None:
        """A text of an account is taken down; it is suspended when that has happened often enough."""
        self._strikes[account] += 1
        if self._strikes[account] < enough or self._accounts[member] != account:
            return
        if self.reaction == "retreat":
            self._accounts[member] = None
        elif self.reaction == "replace":
            self._accounts[member] = self._reserve.pop() if self._reserve else None
