"""Corpora: labelled texts without a world around them, for data sets, load tests and training."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, count
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.adversaries.composer import benign_of_length, twins
from sim.adversaries.dialects import DIALECTS
from sim.adversaries.gate import gated
from sim.adversaries.mixture import NEEDS_PICTURE
from sim.adversaries.operator import OPERATORS, AnyOperator, Operator, operator
from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import Recipe
from sim.catalog.titles import title
from sim.names import UnknownNameError
from sim.seeds import Stream, digest64

__all__ = ["CorpusPlan", "Labelled", "corpus"]

_UNIT = 2.0**-64
_DIALECTS = tuple(DIALECTS)
_COPIES = (4, 8)


class Labelled(NamedTuple):
    """A text and what is true about it."""

    text: str
    in_image: str
    """What of it stands in a picture instead; empty unless an operator splits it."""
    policy: str
    """Policy that it violates, or that it is a hard negative of; 'none' for benign talk."""
    violating: bool
    function: str
    pair: str
    """Shared by the two texts of a minimal pair; empty for benign talk."""
    operators: tuple[tuple[str, float], ...]
    """The disguise: kinds of operators, in order, each with its strength; empty if there is none."""
    tier: str
    dialect: str
    language: str
    campaign: str
    """Shared by the disguised copies of one text that a campaign posts; empty for others."""
    unit: int
    """Texts of one unit (a pair and the benign text of its length, or a campaign) belong in the same split."""


class CorpusPlan(BaseModel):
    """What a corpus is made of.

    >>> CorpusPlan(policies=["hate"], benign=0).policies
    ('hate',)
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
    )

    policies: tuple[str, ...] = ()
    """Policies, equally often; by default all that show in texts."""
    languages: tuple[str, ...] = Field(default=("en",), min_length=1)
    """Languages, equally often."""
    tiers: dict[str, float] = Field(default={"T1": 1, "T2": 1}, min_length=1)
    """How real the proxies are, as relative shares of T0, T1 and T2."""
    operators: tuple[AnyOperator, ...] = ()
    """Operators of which a disguised text gets one; by default all that leave the whole text in words, at strengths
    0.25, 0.5 and 1."""
    disguised: float = Field(default=0.5, ge=0, le=1)
    """Part of all texts, hard negatives and benign ones alike, that is disguised."""
    benign: float = Field(default=1.0, ge=0, le=100)
    """Benign texts for each minimal pair."""
    campaigns: float = Field(default=0.05, ge=0, le=1)
    """Part of the units that are a campaign: one violating text in several disguises."""
    dialects: float = Field(default=0.25, ge=0, le=1)
    """Part of the benign texts that is written in an invented dialect."""

    @field_validator("policies")
    @classmethod
    def _known(cls, policies: tuple[str, ...]) -> tuple[str, ...]:
        textual = tuple(name for name, policy in sorted(POLICIES.classes().items()) if policy.in_text)
        for name in policies:
            POLICIES.named(name)
            if name not in textual:
                raise ValueError(f"policy {name!r} does not show in texts; choose from: {', '.join(textual)}")
        return policies or textual

    @field_validator("tiers")
    @classmethod
    def _tiers(cls, tiers: Mapping[str, float]) -> Mapping[str, float]:
        for name in tiers:
            if name not in ("T0", "T1", "T2"):
                raise UnknownNameError("tier of a corpus", name, ("T0", "T1", "T2"))
        if min(tiers.values()) < 0 or not sum(tiers.values()):
            raise ValueError("tiers are relative shares: 0 or more, and not all 0")
        return tiers

    @field_validator("operators")
    @classmethod
    def _all(cls, operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
        kinds = sorted(OPERATORS.classes().keys() - {NEEDS_PICTURE})
        return operators or tuple(operator(kind, strength) for kind in kinds for strength in (0.25, 0.5, 1.0))


def corpus(seed: int, size: int, plan: CorpusPlan | None = None) -> Iterator[Labelled]:
    """``size`` labelled texts, each through the gate; the first of a longer corpus are those of a shorter one.

    They come in units of a violating text, its twin, and benign talk of about the same length.

    >>> first, second, third = corpus(7, 3)
    >>> first.violating, second.violating, first.pair == second.pair, third.policy
    (True, False, True, 'none')
    """
    plan = plan or CorpusPlan()
    made = 0
    draws = Stream(digest64("corpus", seed))
    for unit in count():
        for text in _unit(plan, draws.at(unit), unit):
            if made == size:
                return
            yield text
            made += 1


def _unit(plan: CorpusPlan, draws: Stream, unit: int) -> Iterator[Labelled]:
    policy, language = plan.policies[unit % len(plan.policies)], draws.one(plan.languages)
    tier = _weighted(plan.tiers, draws)
    first, second = twins(
        policy,
        draws.bits() >> 1,
        title=title(draws.bits()),
        language=language,
        tier=tier,
        chain=_chain(plan, draws),
    )
    if draws.bits() * _UNIT < plan.campaigns:
        yield from _campaign(plan, draws, first, unit)
        return
    shown = _labelled(first, unit)
    yield shown
    yield _labelled(second, unit)
    for _ in range(_rounded(plan.benign, draws)):
        yield _labelled(_benign(plan, draws, language, len(shown.text)), unit)


def _campaign(plan: CorpusPlan, draws: Stream, recipe: Recipe, unit: int) -> Iterator[Labelled]:
    for _ in range(_COPIES[0] + draws.below(_COPIES[1] - _COPIES[0] + 1)):
        one = draws.one(plan.operators)
        copy = replace(recipe, pair="", chain=((one.kind, one.strength),), seed=draws.bits() >> 1)
        yield _labelled(copy, unit, f"copies-{unit}")


def _benign(plan: CorpusPlan, draws: Stream, language: str, length: int) -> Recipe:
    return benign_of_length(
        draws.bits() >> 1,
        length,
        title=title(draws.bits()),
        language=language,
        chain=_chain(plan, draws),
        dialect=draws.one(_DIALECTS) if draws.bits() * _UNIT < plan.dialects else "",
    )


def _rounded(number: float, draws: Stream) -> int:
    """A whole number whose mean is the given one."""
    return int(number) + (draws.bits() * _UNIT < number % 1)


def _labelled(recipe: Recipe, unit: int, campaign: str = "") -> Labelled:
    return Labelled(
        *gated(recipe),
        recipe.policy,
        recipe.violating,
        recipe.function,
        recipe.pair,
        recipe.chain,
        recipe.tier,
        recipe.dialect,
        recipe.language,
        campaign,
        unit,
    )


def _chain(plan: CorpusPlan, draws: Stream) -> tuple[tuple[str, float], ...]:
    if draws.bits() * _UNIT >= plan.disguised:
        return ()
    one = draws.one(plan.operators)
    return ((one.kind, one.strength),)


def _weighted(shares: Mapping[str, float], draws: Stream) -> str:
    edges = tuple(accumulate(shares.values()))
    drawn = draws.bits() * _UNIT * edges[-1]
    return next(name for name, edge in zip(shares, edges, strict=True) if drawn < edge)
