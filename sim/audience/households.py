"""Households: several people behind one account, each with tastes and hours of their own."""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sim.durations import HOUR
from sim.seeds import Draws
from sim.shares import coded, shares

__all__ = ["ROLES", "Household", "Households"]

ROLES = ("holder", "partner", "teenager", "child")
"""Who a member of a household is; the first is the one whose persona the log tells."""
# How likely each of them is the one who watches, by quarters of a day from midnight on, relative to the holder.
_HOURS = np.array([[1.0, 0.9, 0.5, 0.02], [1.0, 0.9, 0.3, 0.6], [1.0, 0.9, 0.8, 1.3], [1.0, 0.9, 1.1, 0.5]])
_OTHERS = {"partner": 0.45, "teenager": 0.2, "child": 0.35}


class Households(BaseModel):
    """How many accounts are shared, by how many, and how alike their tastes are (shares assumed, not published).

    Who is watching changes from session to session, and with the hour: children in the afternoon, hardly at night. The
    log knows the account alone, as a service does; who it was is told on the truth topic, one record a session of a
    shared account.

    >>> Households(share=0.4).sizes[2]
    0.5
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(default=0.0, ge=0, le=1)
    """Share of accounts behind which there are several people."""
    sizes: dict[Annotated[int, Field(ge=2, le=6)], float] = Field(
        default={2: 0.5, 3: 0.25, 4: 0.25}, min_length=1
    )
    """Relative number of shared accounts by the number of people."""
    likeness: float = Field(default=0.3, ge=0, le=1)
    """Correlation of the tastes of two members."""


class Household:
    """The members of each account, by hashes of its number; nothing is kept.

    >>> home = Household(Households(share=1.0, sizes={3: 1}), seed=7, dimensions=4)
    >>> home.members(np.arange(2)).tolist()
    [3, 3]
    """

    def __init__(self, settings: Households, seed: int, *, dimensions: int) -> None:
        self.settings, self._draws = settings, Draws(seed, "household")
        self._sizes = np.array(list(settings.sizes), dtype=np.int64)
        most = int(self._sizes.max())
        step = np.arange(dimensions)
        # The same numbers in another order and with other signs: as good as independent of what they were.
        self._order = np.stack([np.roll(step, member) for member in range(most)])
        sign = [np.where((step * member // 2) % 2, -1, 1) for member in range(most)]
        self._sign = np.stack(sign).astype(np.float32)

    def members(self, viewer: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many people are behind each account."""
        bits = self._draws.bits(viewer)
        size = self._sizes[coded(shares(_named(self.settings.sizes)), Draws.uniform_from(bits, 1))]
        return np.where(Draws.uniform_from(bits, 0) < self.settings.share, size, 1)

    def role(self, viewer: NDArray[np.int64], member: NDArray[Any]) -> NDArray[np.int64]:
        """The role of a member (from 0, the holder) of each account."""
        drawn = coded(shares(_OTHERS), self._draws.uniform(viewer, member)).astype(np.int64) + 1
        return np.where(member == 0, 0, drawn)

    def present(
        self, viewer: NDArray[np.int64], session: NDArray[Any], local: NDArray[np.int64]
    ) -> NDArray[np.uint8]:
        """Who, of each household, opens a session at a local time (ms)."""
        found = np.zeros(len(viewer), dtype=np.uint8)
        count = self.members(viewer)
        rows = np.flatnonzero(count > 1)
        quarter = local[rows] // (6 * HOUR) % 4
        weight = np.zeros((len(rows), len(self._order)))
        for member in range(len(self._order)):
            role = self.role(viewer[rows], np.full(len(rows), member))
            weight[:, member] = np.where(member < count[rows], _HOURS[quarter, role], 0)
        passed = np.cumsum(weight, axis=1)
        drawn = self._draws.uniform(viewer[rows], session[rows], 1) * passed[:, -1]
        found[rows] = (passed <= drawn[:, None]).sum(axis=1)
        return found

    def tastes(self, taste: NDArray[np.float32], member: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The tastes of members of households, from those of the holders (viewers × dimensions)."""
        other = np.flatnonzero(member)
        if not len(other):
            return taste
        result, who = taste.copy(), member[other]
        own = np.take_along_axis(taste[other], self._order[who], axis=1) * self._sign[who]
        alike = np.float32(self.settings.likeness)
        result[other] = alike * taste[other] + np.sqrt(1 - alike**2) * own
        return result


def _named(sizes: dict[int, float]) -> dict[str, float]:
    return {str(size): share for size, share in sizes.items()}
