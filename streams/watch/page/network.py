"""The network of accounts: campaigns as they are labelled, and coordination as it can be noticed without labels."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.adversaries.coordination import Shares, co_sharing
from sim.durations import MINUTE
from streams.watch.page.posts import Label, Post

__all__ = ["EDGE", "WINDOW_MS", "network"]

WINDOW_MS = MINUTE
EDGE = 2
_CAMPAIGNS = 8
_ACCOUNTS = 60
_BYSTANDERS = 30
_TIES = 3
_ALIKE = 150

Row = tuple[Post, Label | None]


def network(rows: Sequence[Row]) -> dict[str, Any]:
    """Campaigns with their accounts, and the pairs that a detector ties together, told apart.

    The detector reads no label: accounts are coordinated if two of them posted the same text, undisguised, at most a
    minute apart, at least twice (see :mod:`sim.adversaries.coordination`). Of each campaign at most 60 accounts are
    shown, and of each account its three strongest ties; counts are of all.
    """
    names, pairs, weights = _ties([post for post, _ in rows])
    noticed = {names[number] for number in np.unique(pairs).tolist()}
    members = _members(rows)
    known = {account for accounts in members.values() for account in accounts}
    bystanders = sorted(noticed - known)
    shown = [account for accounts in members.values() for account in list(accounts)[:_ACCOUNTS]]
    shown += bystanders[:_BYSTANDERS]
    return {
        "posts": len(rows),
        "window_ms": WINDOW_MS,
        "edge": EDGE,
        "campaigns": [_campaign(name, accounts, rows, noticed) for name, accounts in members.items()],
        "bystanders": bystanders[:_BYSTANDERS],
        "bystanders_in_all": len(bystanders),
        "noticed": len(noticed),
        "ties": _strongest(names, pairs, weights, set(shown)),
    }


def _ties(posts: Sequence[Post]) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Accounts, pairs of their numbers that the detector ties together, and how many things each pair shared.

    Of one text at most 150 posts are compared, the newest: the pairs of a text grow with the square of its posts.
    """
    times: Counter[int] = Counter(post.thing for post in posts)
    kept = []
    for post in posts:
        times[post.thing] -= 1
        if times[post.thing] < _ALIKE:
            kept.append(post)
    return _tied(kept)


def _tied(posts: Sequence[Post]) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    numbers: dict[str, int] = {}
    account = [numbers.setdefault(post.account, len(numbers)) for post in posts]
    columns = account, [post.thing for post in posts], [post.at for post in posts]
    pairs, things = co_sharing(Shares(*(np.array(c, dtype=np.int64) for c in columns)), window=WINDOW_MS)
    tied = things >= EDGE
    return list(numbers), pairs[tied], things[tied]


def _members(rows: Sequence[Row]) -> dict[str, Counter[str]]:
    """Accounts of the campaigns that posted last, with the posts of each, the busiest first."""
    found: dict[str, Counter[str]] = {}
    for post, label in reversed(rows):
        if label is not None and (label.campaign in found or len(found) < _CAMPAIGNS):
            found.setdefault(label.campaign, Counter())[post.account] += 1
    return {name: Counter(dict(found[name].most_common())) for name in sorted(found)}


def _campaign(name: str, accounts: Counter[str], rows: Sequence[Row], noticed: set[str]) -> dict[str, Any]:
    labels = [label for _, label in rows if label is not None and label.campaign == name]
    policies = Counter(label.policy for label in labels)
    return {
        "name": name,
        "policy": policies.most_common(1)[0][0],
        "posts": len(labels),
        "violating": sum(label.violating for label in labels),
        "accounts": [
            {"id": account, "posts": posts, "noticed": account in noticed}
            for account, posts in list(accounts.items())[:_ACCOUNTS]
        ],
        "accounts_in_all": len(accounts),
        "noticed": len(noticed & set(accounts)),
    }


def _strongest(
    names: list[str], pairs: NDArray[np.int64], weights: NDArray[np.int64], shown: set[str]
) -> list[list[Any]]:
    """Each account's strongest ties among those shown."""
    count: Counter[int] = Counter()
    kept = []
    for row in np.argsort(-weights, kind="stable").tolist():
        one, other = pairs[row].tolist()
        if names[one] in shown and names[other] in shown and min(count[one], count[other]) < _TIES:
            count[one] += 1
            count[other] += 1
            kept.append([names[one], names[other], int(weights[row])])
    return kept
