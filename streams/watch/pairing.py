"""Pairing: what was planted against what was seen, event id by event id, whichever comes first."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pairing"]

_SETTLE_AT = 50_000
_MOST = 1_000_000
Column = NDArray[np.int64]
Seen = Callable[[Column], NDArray[np.bool_]]


class Pairing:
    """Labels of one sort of evidence and the evidence itself, of one topic; what is paired is counted and forgotten.

    Ids are numbers: source and running number in 64 bits. Each label explains one piece of evidence of its id.

    >>> pairing = Pairing(final_once_seen=True)
    >>> pairing.plant("late", np.array([7, 8]), np.array([100, 100]))
    >>> pairing.note(np.array([8, 9]))
    >>> pairing.settle(lambda ids: ids == 7)
    >>> pairing.found["late"], pairing.hidden["late"], pairing.unexplained
    (1, 1, 1)
    """

    def __init__(self, *, final_once_seen: bool) -> None:
        """``final_once_seen``: no evidence can come any more of a record that was read."""
        self._final = final_once_seen
        self.planted: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.hidden: Counter[str] = Counter()
        """Planted, and the record was read without a trace of it."""
        self._ids = np.zeros(0, dtype=np.int64)
        self._leaves = np.zeros(0, dtype=np.int64)
        self._mess = np.zeros(0, dtype=np.int64)
        self._names: list[str] = []
        self._evidence = np.zeros(0, dtype=np.int64)
        self._marked = np.zeros(0, dtype=np.bool_)
        self._new: list[tuple[Column, NDArray[np.bool_]]] = []
        self._waiting = 0
        self._given_up = 0
        self._given_up_marked = 0

    def plant(self, mess: str, ids: Column, leaves: Column) -> None:
        """Take labels: a kind of mess, the ids that it hit, and when what was planted leaves (epoch ms)."""
        if mess not in self._names:
            self._names.append(mess)
        self.planted[mess] += len(ids)
        self._ids = np.concatenate([self._ids, ids])
        self._leaves = np.concatenate([self._leaves, leaves])
        self._mess = np.concatenate([self._mess, np.full(len(ids), self._names.index(mess))])

    def note(self, ids: Column, marked: NDArray[np.bool_] | None = None) -> None:
        """Take evidence: the ids that show it, and which of them are marked as worse."""
        if len(ids):
            self._new.append((ids, np.zeros(len(ids), dtype=np.bool_) if marked is None else marked))
            self._waiting += len(ids)

    @property
    def full(self) -> bool:
        """True if so much waits that it should be settled."""
        return self._waiting + len(self._ids) > _SETTLE_AT + 2 * len(self._evidence)

    def settle(self, seen: Seen) -> None:
        """Pair what can be paired; ``seen`` tells which ids were read."""
        self._gather()
        if len(self._ids) and len(self._evidence):
            self._pair()
        if self._final and len(self._ids):
            read = seen(self._ids)
            self._count(self.hidden, read)
            self._keep(~read)
        self._forget()

    def _gather(self) -> None:
        if self._new:
            ids, marked = zip(*self._new, strict=True)
            self._evidence = np.concatenate([self._evidence, *ids])
            self._marked = np.concatenate([self._marked, *marked])
            self._new, self._waiting = [], 0

    def _pair(self) -> None:
        known, first = np.unique(self._evidence, return_index=True)
        place = np.minimum(np.searchsorted(known, self._ids), len(known) - 1)
        paired = known[place] == self._ids
        self._count(self.found, paired)
        stays = np.ones(len(self._evidence), dtype=np.bool_)
        stays[first[place[paired]]] = False
        self._evidence, self._marked = self._evidence[stays], self._marked[stays]
        self._keep(~paired)

    def _count(self, counter: "Counter[str]", which: NDArray[np.bool_]) -> None:
        for number, count in enumerate(np.bincount(self._mess[which], minlength=len(self._names)).tolist()):
            counter[self._names[number]] += count

    def _keep(self, which: NDArray[np.bool_]) -> None:
        self._ids, self._leaves, self._mess = self._ids[which], self._leaves[which], self._mess[which]

    def _forget(self) -> None:
        """Evidence that nobody explained for so long is counted as unexplained, so that memory stays bounded."""
        if (over := len(self._evidence) - _MOST) > 0:
            self._given_up += over
            self._given_up_marked += int(np.count_nonzero(self._marked[:over]))
            self._evidence, self._marked = self._evidence[over:], self._marked[over:]

    @property
    def unexplained(self) -> int:
        """Evidence that no label explains, as of the last settling."""
        return self._given_up + len(self._evidence)

    @property
    def unexplained_marked(self) -> int:
        """The part of it that is marked."""
        return self._given_up_marked + int(np.count_nonzero(self._marked))

    @property
    def pending(self) -> tuple[Column, Column]:
        """Ids of labels that nothing was seen of, and when what they tell of leaves."""
        return self._ids, self._leaves

    def pending_of(self, mess: str) -> NDArray[np.bool_]:
        """Which of these are of one kind of mess."""
        which: NDArray[np.bool_] = self._mess == (self._names.index(mess) if mess in self._names else -1)
        return which
