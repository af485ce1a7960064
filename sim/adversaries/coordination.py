"""Coordination: accounts that share the same things at nearly the same time, found pair by pair."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Shares", "co_sharing", "coordinated"]


@dataclass(frozen=True)
class Shares:
    """Who shared what when: one entry a share, accounts and objects as numbers, times in ms."""

    account: NDArray[np.int64]
    what: NDArray[np.int64]
    at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)


def co_sharing(shares: Shares, *, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of accounts (n × 2, the smaller number first) and how many different objects each pair co-shared.

    Two accounts co-share an object if they share it at most ``window`` ms apart: the rule of CooRnet and CooRTweet
    (Giglietto et al. 2020; Righetti and Balluff 2024) and of the coordination network toolkit (Graham et al. 2020).
    """
    order = np.lexsort((shares.at, shares.what))
    account, what, at = shares.account[order], shares.what[order], shares.at[order]
    # Objects lie one after the other on a line of time, further apart than any window.
    _, thing = np.unique(what, return_inverse=True)
    line = at - (at.min() if len(at) else 0)
    line = line + thing.astype(np.int64) * (int(line.max(initial=0)) + window + 1)
    last = np.searchsorted(line, line + window, "right")
    count = last - np.arange(len(line)) - 1
    left = np.repeat(np.arange(len(line)), count)
    within = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    right = left + 1 + within
    pair = np.sort(np.stack([account[left], account[right]], axis=1), axis=1)
    different = pair[:, 0] != pair[:, 1]
    once = np.unique(np.column_stack([pair, thing[left]])[different], axis=0)
    pairs, objects = np.unique(once[:, :2], axis=0, return_counts=True)
    return pairs.astype(np.int64), objects.astype(np.int64)


def coordinated(shares: Shares, *, window: int, edge: int = 2) -> NDArray[np.int64]:
    """Accounts that co-shared at least ``edge`` different objects with one and the same other account.

    >>> shares = Shares(np.array([1, 2, 1, 2, 3]), np.array([7, 7, 8, 8, 8]), np.array([0, 900, 5000, 5400, 90000]))
    >>> coordinated(shares, window=1000).tolist()
    [1, 2]
    """
    pairs, objects = co_sharing(shares, window=window)
    return np.unique(pairs[objects >= edge])
