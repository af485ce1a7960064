"""Waves: campaigns whose accounts act together, again and again."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from sim.adversaries.author import Draft
from sim.adversaries.campaign import Cast, Process, TroupeCampaign
from sim.adversaries.composer import composed
from sim.adversaries.lag import AnyLag
from sim.adversaries.lags.lognormal import Lognormal
from sim.adversaries.library import slots_of
from sim.adversaries.operator import AnyOperator
from sim.adversaries.policy import functions_of
from sim.adversaries.recipe import Recipe, function_named, functions
from sim.adversaries.troupe import Troupe
from sim.durations import Duration
from sim.seeds import digest64, rng_for

__all__ = ["Act", "Wave", "WaveCampaign", "hit"]

_HITS = 20


class Act(NamedTuple):
    """What one member of a troupe does in a wave: ``after`` ms from its beginning, whatever account it uses by then."""

    after: int
    member: int
    role: str
    kind: str
    item: int
    recipe: Recipe
    target: int = 0
    reason: str = ""


def hit(cast: Cast, at: int, *, rng: np.random.Generator) -> int:
    """One of the most popular items at a time."""
    return _one(cast.catalog.hits(_HITS, at), rng=rng)


def _one(hits: NDArray[np.int32], *, rng: np.random.Generator) -> int:
    return int(hits[int(rng.integers(len(hits)))])


@dataclass
class Wave:
    """One wave of a campaign: when it began, who takes part, and its own random numbers."""

    campaign: "WaveCampaign"
    cast: Cast
    troupe: Troupe
    number: int
    at: int
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = rng_for(self.cast.seed, "campaign", self.campaign.name, self.number)

    def item(self) -> int:
        """One of the most popular items."""
        return _one(self._hits, rng=self.rng)

    @cached_property
    def _hits(self) -> NDArray[np.int32]:
        return self.cast.catalog.hits(_HITS, self.at)

    def members(self) -> list[int]:
        """All members, in an order of this wave's own."""
        order: list[int] = self.rng.permutation(len(self.troupe)).tolist()
        return order

    def lags(self, count: int) -> NDArray[np.int64]:
        """Lags of so many followers, with jitter, ascending (ms)."""
        campaign = self.campaign
        lags = campaign.lag.after(count, at=self.at, rng=self.rng)
        return np.sort(lags + self.rng.random(count) * campaign.jitter).astype(np.int64)

    def recipe(self, item: int, *, function: str = "", policy: str = "", **slots: str) -> Recipe:
        """A text about an item, drawn by this wave's numbers; ``slots`` replaces what stands in some of its slots."""
        campaign = self.campaign
        drawn = composed(
            policy or campaign.policy,
            int(self.rng.integers(2**62)),
            title=self.cast.author.title_of(item),
            language=campaign.language,
            function=function,
            tier=campaign.tier,
        )
        return replace(drawn, slots=tuple((name, slots.get(name, value)) for name, value in drawn.slots))

    def sharing(self, item: int, link: str) -> Recipe:
        """A text that shares a link: of the campaign's policy, or a story that is passed on."""
        policy, language = self.campaign.policy, self.campaign.language
        names = [
            name
            for name in functions(policy)
            if all("link" in slots_of(text) for text in function_named(policy, name).variants(language))
        ]
        if not names:
            raise ValueError(
                f"policy {policy!r} has no text with a link in {language!r}; choose another policy"
            )
        return self.recipe(item, function=names[int(self.rng.integers(len(names)))], link=link)

    def habitual(self, item: int, member: int) -> Recipe:
        """What a member always says, in every wave."""
        campaign = self.campaign
        own = digest64(self.cast.seed, "habit", campaign.name, member)
        title = self.cast.author.title_of(item)
        return composed(campaign.policy, own, title=title, language=campaign.language, tier=campaign.tier)

    def disguised(self, recipe: Recipe, member: int) -> Recipe:
        """A recipe in a member's own disguise."""
        chain = tuple((operator.kind, operator.strength) for operator in self.campaign.operators)
        own = digest64(self.cast.seed, "disguise", self.campaign.name, self.number, member) >> 1
        return replace(recipe, chain=chain, seed=own) if chain else recipe


class WaveCampaign(TroupeCampaign):
    """A campaign in waves: in each one, members of a troupe act in roles, after lags, in their own disguises."""

    policy: str = "scam"
    """Policy that the texts violate, or 'none'."""
    tier: str = Field(default="T1", pattern="^T[12]$")
    """How real the words are: invented (T1), or mild and everyday (T2)."""
    lag: AnyLag = Lognormal()
    """How long members wait before they act."""
    jitter: Duration = Field(default=0, ge=0)
    """Up to this much is added to every lag, evenly distributed."""
    language: str = "en"
    """Language of the texts."""
    operators: tuple[AnyOperator, ...] = ()
    """How the texts are disguised, in order."""

    @field_validator("policy")
    @classmethod
    def _known(cls, policy: str) -> str:
        functions_of(policy)
        return policy

    @property
    def languages(self) -> tuple[str, ...]:
        """The one language of its texts."""
        return (self.language,)

    @abstractmethod
    def acts(self, wave: Wave) -> Iterable[Act]:
        """What is done in a wave, in any order."""

    def run(self, cast: Cast) -> Process:
        """One wave after the other."""
        troupe = self.recruited(cast)
        yield cast.env.timeout(self.start)
        for number in range(self.waves):
            cast.start(self._act(Wave(self, cast, troupe, number, int(cast.env.now))))
            yield cast.env.timeout(self.every)

    def _act(self, wave: Wave) -> Process:
        env = wave.cast.env
        for act in sorted(self.acts(wave), key=lambda act: act.after):
            yield env.timeout(max(0, wave.at + act.after - int(env.now)))
            account = wave.troupe.account(act.member)
            if account is None:
                continue
            draft = Draft(
                int(env.now),
                account,
                act.item,
                act.kind,
                act.recipe,
                self.name,
                act.role,
                act.target,
                act.reason,
            )
            self.post(wave.cast, wave.troupe, act.member, draft)
