"""Exploration: now and then a rank shows any item of the region, with an exact probability."""

import numpy as np
from numpy.typing import NDArray

from sim.recommenders.recommender import SlateRequests, Slates
from sim.seeds import GOLDEN, Draws, scrambled

__all__ = ["Exploration"]

# Far from the purposes for which a viewer's walk and other policies use the same bits.
_COINS, _TURN, _PLACE = 2**21, 2**21 + 2**10, 2**21 + 2**11
_SIDES = 2**16


class Exploration:
    """Stratified ε-greedy slates: each rank shows the best item left, or with probability ε one at random.

    A region's items are dealt into as many strata as a slate has ranks. A rank that explores draws from a stratum of
    its own (a random turn of the slate says which), so that no item is drawn twice; if it draws one of the viewer's
    best, which stand in the slate already or will, it shows its own best instead. Hence, with K ranks and n(i) items
    in the stratum of item i, an item that is not among the best has probability ε/(K·n(i)) at every rank, and the
    best of a rank has what is left: 1 - ε + ε/K·Σ 1/n(j) over the best items j.
    """

    def __init__(self, share: float, *, regions: int, size: int, seed: int) -> None:
        """``share`` is ε, kept to the nearest 65536th."""
        self.size = size
        self._sides = round(share * _SIDES)
        self.share = self._sides / _SIDES
        self._draws = Draws(seed, "strata")
        self._strata = [np.empty(0, dtype=np.int32)] * regions
        self._rarities = np.zeros((regions, 0), dtype=np.float32)

    def stock(self, available: list[NDArray[np.int32]], items: int) -> None:
        """Take what each region has, out of so many items."""
        self._rarities = np.zeros((len(available), items), dtype=np.float32)
        for region, here in enumerate(available):
            if len(here) < self.size:
                raise ValueError(
                    f"{len(here)} items available in a region cannot fill a slate of {self.size}"
                )
            dealt = here[np.argsort(self._draws.bits(here), kind="stable")]
            self._strata[region] = dealt
            stratum = np.arange(len(dealt)) % self.size
            self._rarities[region, dealt] = 1 / (self.size * np.bincount(stratum)[stratum])

    def slates(self, requests: SlateRequests, best: NDArray[np.int32]) -> Slates:
        """The slates of viewers whose best items (requests × ranks) are known, which the region must have."""
        items, sides = best.copy(), np.arange(-(-self.size // 4), dtype=np.uint64) + np.uint64(_COINS)
        coins = scrambled(requests.bits[:, None] + sides * GOLDEN).view(np.uint16)[:, : self.size]
        row, rank = np.nonzero(coins < self._sides)
        drawn = self._drawn(requests.region[row], requests.bits[row], rank)
        new = ~(best[row] == drawn[:, None]).any(axis=1)
        propensity = np.repeat(self._kept(requests.region, best)[:, None], self.size, axis=1)
        row, rank, drawn = row[new], rank[new], drawn[new]
        items[row, rank] = drawn
        propensity[row, rank] = self._rarity(requests.region[row], drawn) * self.share
        return Slates(items, propensity, np.zeros(len(items), dtype=np.uint8))

    def propensities(
        self, requests: SlateRequests, best: NDArray[np.int32], items: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Probability of each item (requests × ranks) at its rank."""
        elsewhere = (items[:, :, None] == best[:, None, :]).any(axis=2)
        explored = self._rarity(requests.region[:, None], items) * self.share
        kept = self._kept(requests.region, best)[:, None]
        return np.where(items == best, kept, np.where(elsewhere, 0, explored)).astype(np.float64)

    def _drawn(
        self, region: NDArray[np.uint8], bits: NDArray[np.uint64], rank: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        turn = (Draws.uniform_from(bits, _TURN) * self.size).astype(np.int64)
        stratum = (rank + turn) % self.size
        place = scrambled(bits + (rank.astype(np.uint64) + np.uint64(_PLACE)) * GOLDEN) >> np.uint64(32)
        drawn = np.empty(len(region), dtype=np.int32)
        for code, dealt in enumerate(self._strata):
            here = np.flatnonzero(region == code)
            count = ((len(dealt) - stratum[here] + self.size - 1) // self.size).astype(np.uint64)
            within = (place[here] * count >> np.uint64(32)).astype(np.int64)
            drawn[here] = dealt[stratum[here] + self.size * within]
        return drawn

    def _rarity(self, region: NDArray[np.uint8], items: NDArray[np.integer]) -> NDArray[np.float32]:
        # Probability that an exploring rank draws the item: 1/(ranks × items in its stratum), 0 if it is not here.
        return self._rarities.ravel().take(region.astype(np.int64) * self._rarities.shape[1] + items)

    def _kept(self, region: NDArray[np.uint8], best: NDArray[np.int32]) -> NDArray[np.float32]:
        kept: NDArray[np.float32] = self._rarity(region[:, None], best).sum(axis=1)
        kept *= np.float32(self.share)
        kept += np.float32(1 - self.share)
        return kept
