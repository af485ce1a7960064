"""Interleaving: two policies share every slate, and picks say which one viewers prefer."""

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.catalog.catalog import Catalog
from sim.durations import HOUR, Duration
from sim.recommenders.recommender import AnySolo, Panels, Policy, Recommender, SlateRequests, Slates
from sim.seeds import Draws

__all__ = ["InterleavedPolicy", "Interleaving", "team_draft"]

# Far from the purposes for which a viewer's walk and other policies use the same bits.
_PURPOSE = 2**24


class Interleaving(Recommender):
    """Team-draft interleaving (Radlinski, Kurup and Joachims 2008); every impression is logged under its team.

    In each round a coin decides which policy adds the best item of its ranking that is not in the slate yet; then the
    other one does. A viewer's two rankings and coins hold for a while, and a request only decides whether all coins
    are turned over: every coin is fair and every round has its own, and the logged propensity, of the item given
    viewer and time, is exactly 1/2 where the two slates differ and 1 where they agree.

    >>> from sim.recommenders.recommender import RECOMMENDERS
    >>> given = {"first": {"kind": "popularity"}, "second": {"kind": "item_knn"}}
    >>> RECOMMENDERS.parse({"kind": "interleaving", **given}).policies
    ('first.popularity', 'second.item_knn')
    """

    kind: Literal["interleaving"] = "interleaving"
    first: AnySolo
    """One policy."""
    second: AnySolo
    """The other one."""
    hold: Duration = Field(default=HOUR, gt=0)
    """How long a viewer's rankings stay as they are."""

    @property
    def policies(self) -> tuple[str, ...]:
        """The two teams."""
        return (f"first.{self.first.kind}", f"second.{self.second.kind}")

    def open(self, catalog: Catalog, *, regions: int, size: int, panels: Panels) -> "InterleavedPolicy":
        """Both policies."""
        both = tuple(
            recommender.open(catalog, regions=regions, size=size, panels=panels)
            for recommender in (self.first, self.second)
        )
        return InterleavedPolicy(both[0], both[1], hold=self.hold, seed=catalog.seed)


class InterleavedPolicy:
    """Two policies whose slates are drafted into one."""

    def __init__(self, first: Policy, second: Policy, *, hold: int, seed: int) -> None:
        self.first, self.second, self.hold = first, second, hold
        self._draws = Draws(seed, "interleaving")

    def refresh(self, now: int) -> None:
        """Refresh both policies."""
        self.first.refresh(now)
        self.second.refresh(now)

    def answer(self, requests: SlateRequests) -> Slates:
        """The drafted slates, with the team of every item."""
        turned = Draws.uniform_from(requests.bits, _PURPOSE) < 0.5
        (one, team), (other, its_team) = self._drafts(requests)
        items = np.where(turned[:, None], other, one)
        propensity = np.where(one == other, 1.0, 0.5).astype(np.float32)
        return Slates(items, propensity, np.where(turned[:, None], its_team, team))

    def propensities(self, requests: SlateRequests, items: NDArray[np.int32]) -> NDArray[np.float64]:
        """Half for each of the two slates that has the item at the rank."""
        (one, _), (other, _) = self._drafts(requests)
        told: NDArray[np.float64] = ((one == items).astype(np.float64) + (other == items)) / 2
        return told

    def _drafts(
        self, requests: SlateRequests
    ) -> tuple[tuple[NDArray[np.int32], NDArray[np.uint8]], tuple[NDArray[np.int32], NDArray[np.uint8]]]:
        held = requests.at // self.hold
        bits = self._draws.bits(requests.viewer, held)
        lasting = replace(requests, bits=bits)
        rankings = self.first.answer(lasting).items, self.second.answer(lasting).items
        rounds = np.arange(-(-requests.size // 2), dtype=np.uint64)
        coins = (self._draws.bits(requests.viewer, held, 1)[:, None] >> rounds & np.uint64(1)).astype(
            np.bool_
        )
        return team_draft(*rankings, coins), team_draft(*rankings, ~coins)


def team_draft(
    first: NDArray[np.int32], second: NDArray[np.int32], coins: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Slates drafted from two rankings (requests × ranks), and the team (0 or 1) of every item.

    ``coins`` (requests × rounds) says where the first policy begins.

    >>> first, second = np.array([[1, 2, 3]], np.int32), np.array([[2, 4, 1]], np.int32)
    >>> items, team = team_draft(first, second, np.array([[False, True]]))
    >>> items.tolist(), team.tolist()
    ([[2, 1, 3]], [[1, 0, 0]])
    """
    rankings, rows = (first, second), np.arange(len(first))
    gone = [np.zeros(first.shape, dtype=np.bool_) for _ in rankings]
    items, team = np.empty_like(first), np.empty(first.shape, dtype=np.uint8)
    for rank in range(first.shape[1]):
        turn = coins[:, rank // 2] ^ (rank % 2 == 1)
        best = [ranking[rows, left.argmin(axis=1)] for ranking, left in zip(rankings, gone, strict=True)]
        items[:, rank] = np.where(turn, best[0], best[1])
        team[:, rank] = ~turn
        for ranking, left in zip(rankings, gone, strict=True):
            left |= ranking == items[:, rank, None]
    return items, team
