"""Copy-paste: many accounts post the same text, disguised each in its own way."""

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field, field_validator

from sim.adversaries.author import Draft
from sim.adversaries.campaign import Campaign, Cast, Process
from sim.adversaries.composer import composed
from sim.adversaries.operator import AnyOperator
from sim.adversaries.recipe import Recipe, functions
from sim.durations import HOUR, SECOND, Duration
from sim.seeds import digest64, rng_for

__all__ = ["CopyPaste"]


class CopyPaste(Campaign):
    """Waves of one text under a popular item, by accounts recruited from the audience.

    Accounts follow the seed account after a lognormal lag: seconds for a synchronised campaign, hours for an evasive
    one (lag windows of coordination detectors run from 10 s to 10 min; Giglietto et al. 2020).

    >>> CopyPaste(name="vouchers", lag="2h").lag
    7200000
    """

    kind: Literal["copy_paste"] = "copy_paste"
    policy: str = "scam"
    """Policy that the texts violate."""
    accounts: int = Field(default=30, ge=1)
    """Number of accounts."""
    every: Duration = Field(default=HOUR, gt=0)
    """Time between waves."""
    lag: Duration = Field(default=30 * SECOND, gt=0)
    """Median lag of an account behind the first."""
    lag_spread: float = Field(default=0.8, ge=0, le=3)
    """Standard deviation of the logarithm of the lag."""
    language: str = "en"
    """Language of the texts."""
    post_as: Literal["comment", "post", "upload"] = "comment"
    """What is posted."""
    operators: tuple[AnyOperator, ...] = ()
    """How the text is disguised, in order."""

    @field_validator("policy")
    @classmethod
    def _known(cls, policy: str) -> str:
        functions(policy)
        return policy

    @property
    def languages(self) -> tuple[str, ...]:
        """The one language of its texts."""
        return (self.language,)

    def run(self, cast: Cast) -> Process:
        """One wave after the other, for ever."""
        rng = rng_for(cast.seed, "campaign", self.name)
        accounts = rng.choice(cast.viewers, min(self.accounts, cast.viewers), replace=False)
        yield cast.env.timeout(self.start)
        for wave in range(2**31):
            cast.env.process(self._wave(cast, accounts, wave))
            yield cast.env.timeout(self.every)

    def _wave(self, cast: Cast, accounts: np.ndarray, wave: int) -> Process:
        rng = rng_for(cast.seed, "campaign", self.name, wave)
        items, weight = cast.catalog.available(0, int(cast.env.now))
        item = int(items[np.argsort(-weight)[int(rng.integers(min(20, len(items))))]])
        recipe = self._recipe(cast, item, rng=rng)
        lags = np.sort(self.lag * np.exp(self.lag_spread * rng.standard_normal(len(accounts)))).astype(
            np.int64
        )
        before = 0
        for account, lag in zip(rng.permutation(accounts), lags, strict=True):
            yield cast.env.timeout(int(lag) - before)
            before = int(lag)
            own = digest64(cast.seed, "disguise", self.name, wave, int(account)) >> 1
            disguised = replace(recipe, chain=self._chain(), seed=own)
            draft = Draft(
                int(cast.env.now), int(account), item, self.post_as, disguised, self.name, "amplifier"
            )
            cast.author.publish([draft])

    def _chain(self) -> tuple[tuple[str, float], ...]:
        return tuple((operator.kind, operator.strength) for operator in self.operators)

    def _recipe(self, cast: Cast, item: int, *, rng: np.random.Generator) -> Recipe:
        bits = int(rng.integers(2**62))
        return composed(self.policy, bits, title=cast.author.title_of(item), language=self.language)
