"""The population: one column for each attribute of a viewer, a block of viewers at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.audience.composition import Composition
from sim.audience.consent import CONSENTS
from sim.audience.households import Household
from sim.audience.personas import AGE_BANDS
from sim.seeds import rng_for
from sim.shares import shares

__all__ = ["AGE_BANDS", "CONSENTS", "Population", "Region", "Settlers"]

# The rarest of viewers comes once in a million times the mean gap.
_LEAST_ACTIVE = 1e-6


class Region(BaseModel):
    """A part of the world with its own clock and languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    share: float = Field(gt=0)
    """Relative number of viewers."""
    utc_offset: float = Field(ge=-12, le=14)
    """Hours by which local time is ahead of UTC."""
    languages: dict[str, float] = Field(min_length=1)
    """Relative number of viewers by language."""

    @field_validator("languages")
    @classmethod
    def _positive(cls, languages: dict[str, float]) -> dict[str, float]:
        shares(languages)
        return languages


Settlers = tuple[int, int, int | None]
"""Numbers from the first to before the last, and the code of the region where they all live, if they do."""


Tenure = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]


class Population:
    """Columns of the viewers of some blocks: who they are does not depend on which blocks are here.

    ``viewer`` is the number of each viewer in the whole audience; ``taste`` has one row a viewer, unit variance in
    each dimension; ``activity`` multiplies how often a viewer comes, with mean 1. Attributes are codes of ``words``.
    ``tenure_days`` tells for how many days rows have been with the service at some times.
    """

    def __init__(
        self,
        seed: int,
        blocks: NDArray[np.int64],
        *,
        viewers: int,
        block_size: int,
        composition: Composition,
        words: Mapping[str, Sequence[str]],
        settlers: Sequence[Settlers] = (),
        leanings: NDArray[np.float32] | None = None,
        household: Household | None = None,
        activity_law: Literal["lognormal", "gamma"] = "lognormal",
        activity_spread: float,
        dimensions: int,
        changing: Sequence[str] = (),
    ) -> None:
        """``viewers`` counts those who join later, too, of whom ``settlers`` tells.

        ``changing`` names the columns that behaviours write to; nobody can write to the others.

        ``leanings`` is what each leaning adds to a taste (leanings × dimensions): rows of length below √dimensions,
        zeros where there is none.
        """
        sizes = np.minimum(block_size, viewers - blocks * block_size)
        edges = np.concatenate([[0], np.cumsum(sizes)])
        count = int(edges[-1])
        self.household = household
        # Who of a household watches; of accounts that nobody shares, always the first.
        self.present = np.zeros(count if household else 0, dtype=np.uint8)
        self.tenure_days: Tenure = lambda rows, at: np.zeros(len(rows), dtype=np.int64)
        self.words = {name: tuple(known) for name, known in words.items()}
        self.viewer = np.empty(count, dtype=np.int64)
        self.taste = np.empty((count, dimensions), dtype=np.float32)
        self.activity = np.empty(count, dtype=np.float32)
        codes = np.empty((7, count), dtype=np.uint8)
        self.region, self.device, self.language, self.age_band, self.consent = codes[:5]
        self.accessibility, self.leaning = codes[5:]
        for block, start, end in zip(blocks, edges[:-1], edges[1:], strict=True):
            rng = rng_for(seed, "population", int(block))
            rows, n = slice(start, end), int(end - start)
            self.viewer[rows] = block * block_size + np.arange(n)
            rng.standard_normal(out=self.taste[rows], dtype=np.float32)
            self.activity[rows] = _activity(activity_law, activity_spread, n, rng=rng)
            self._compose(rows, composition, settlers, rng=rng)
            if leanings is not None:
                self._lean(rows, leanings)
        self.checkpointed = ("present", *changing)
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray) and name not in self.checkpointed:
                column.flags.writeable = False

    def _compose(
        self, rows: slice, composition: Composition, settlers: Sequence[Settlers], *, rng: np.random.Generator
    ) -> None:
        viewer = self.viewer[rows]
        first = composition.viewers
        for begin, end, region in ((0, first, None), *settlers):
            here = slice(*(rows.start + np.searchsorted(viewer, [begin, end])))
            if here.start < here.stop:
                for name, column in composition.drawn(self.viewer[here], region=region, rng=rng).items():
                    getattr(self, name)[here] = column

    def _lean(self, rows: slice, leanings: NDArray[np.float32]) -> None:
        added = leanings[self.leaning[rows]]
        # What is added in one direction is taken from the rest: the variance stays.
        kept = np.sqrt(1 - (added**2).sum(axis=1, keepdims=True) / added.shape[1])
        self.taste[rows] = kept * self.taste[rows] + added

    def tastes(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """The tastes of those who watch now (rows × dimensions): of the account, or of a member of its household."""
        taste: NDArray[np.float32] = self.taste[rows]
        return self.household.tastes(taste, self.present[rows]) if self.household else taste

    def __len__(self) -> int:
        return len(self.viewer)


def _activity(law: str, spread: float, count: int, *, rng: np.random.Generator) -> NDArray[np.float64]:
    if law == "gamma" and spread > 0:
        # Shape r has coefficient of variation 1/√r.
        return np.maximum(rng.gamma(spread**-2, spread**2, count), _LEAST_ACTIVE)
    # exp of a normal with this mean has mean 1.
    return np.exp(rng.normal(-(spread**2) / 2, spread, count))
