"""What viewers write on their own that violates a policy, or only seems to: how much, how real, how disguised."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sim.adversaries.dialects import DIALECTS
from sim.adversaries.hashbank import HashBank
from sim.adversaries.operator import AnyOperator
from sim.adversaries.own_templates import OwnTemplates, own_templates
from sim.adversaries.policy import AnyPolicy
from sim.adversaries.signals import Signals
from sim.names import UnknownNameError
from sim.seeds import digest64

__all__ = ["ChildSafetyOptIn", "Moderation", "TargetRefusedError"]

_CONFIG = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class TargetRefusedError(ValueError):
    """A run or host that must not get child-safety signals."""


class ChildSafetyOptIn(BaseModel):
    """Leave to send synthetic child-safety hashes, and to whom.

    Services forward matches to authorities without asking: a test signal must never reach one that is live.

    >>> ChildSafetyOptIn(targets=["staging-7"]).check("staging-7")
    >>> ChildSafetyOptIn(targets=["staging-7"]).check("production")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    sim.adversaries.moderation.TargetRefusedError: 'production' is not a target of child_safety; allowed: staging-7...
    """

    model_config = _CONFIG

    targets: tuple[str, ...] = Field(min_length=1)
    """Names of runs and hosts that may get them; everything else is refused."""
    known: int = Field(default=256, ge=1, le=100_000)
    """Hashes in the synthetic bank."""

    def bank(self, seed: int) -> HashBank:
        """The known hashes of a scenario with this seed."""
        return HashBank(digest64("child safety", seed), self.known)

    def check(self, *targets: str) -> None:
        """Pass if every target was named; :class:`TargetRefusedError` if one was not."""
        for target in targets:
            if target not in self.targets:
                raise TargetRefusedError(
                    f"{target!r} is not a target of child_safety; allowed: {', '.join(self.targets)}. Name it under "
                    "audience.talk.moderation.child_safety.targets if it is no live service, or leave child_safety out"
                )


class Moderation(BaseModel):
    """Violations, hard negatives, tiers, disguises and dialects in what viewers write on their own.

    >>> settings = Moderation(policies=[{"kind": "hate", "prevalence": 0.01, "hard_negatives": 2}])
    >>> settings.violating_share
    0.01
    """

    model_config = _CONFIG

    policies: tuple[AnyPolicy, ...] = ()
    """Policies that are violated, each with its prevalence and its hard negatives."""
    tiers: dict[Literal["T0", "T1", "T2", "T3"], float] = Field(default={"T1": 1, "T2": 1}, min_length=1)
    """How real the proxies are, as relative shares: T0 test strings, T1 invented words, T2 mild everyday words, T3 your
    own templates."""
    operators: tuple[AnyOperator, ...] = ()
    """Operators of which a disguised text gets one."""
    disguised: float = Field(default=0.0, ge=0, le=1)
    """Part of all texts, benign ones alike, that is disguised."""
    dialects: dict[str, float] = Field(default_factory=dict)
    """Part of the viewers who write in each invented dialect."""
    templates: Annotated[OwnTemplates | None, BeforeValidator(own_templates)] = None
    """Your own templates (tier T3): a YAML file, or its content."""
    child_safety: ChildSafetyOptIn | None = None
    """Leave to send synthetic child-safety hashes; without it there are none."""

    @property
    def violating_share(self) -> float:
        """Part of what viewers write that violates a policy."""
        return sum(policy.prevalence for policy in self.policies)

    def signals(self, seed: int) -> Signals:
        """What uploads carry."""
        if self.child_safety is None:
            return Signals()
        return Signals(self.child_safety.bank(seed))

    def check_targets(self, *targets: str) -> None:
        """Pass unless child-safety signals would go to a target that was not named."""
        if self.child_safety is not None:
            self.child_safety.check(*targets)

    @field_validator("tiers", "dialects")
    @classmethod
    def _amounts(cls, shares: Mapping[str, float]) -> Mapping[str, float]:
        wrong = [name for name, share in shares.items() if share < 0]
        if wrong or (shares and not sum(shares.values())):
            raise ValueError(
                f"shares must be 0 or more, and not all 0; {wrong[0] if wrong else 'the sum'} is not"
            )
        return shares

    @field_validator("dialects")
    @classmethod
    def _spoken(cls, dialects: Mapping[str, float]) -> Mapping[str, float]:
        for name in dialects:
            if name not in DIALECTS:
                raise UnknownNameError("dialect", name, DIALECTS)
        if sum(dialects.values()) > 1:
            raise ValueError(
                f"dialects are shares of the viewers; their sum {sum(dialects.values())} is above 1"
            )
        return dialects

    @model_validator(mode="after")
    def _consistent(self) -> "Moderation":
        kinds = [policy.kind for policy in self.policies]
        if twice := [kind for kind in kinds if kinds.count(kind) > 1]:
            raise ValueError(
                f"policy {twice[0]!r} is given twice; give it once, with the sum of its prevalences"
            )
        written = sum(policy.prevalence * (1 + policy.hard_negatives) for policy in self.policies)
        if written > 1:
            raise ValueError(
                f"violating texts and hard negatives make up {written:.3g} of everything written; at most 1"
            )
        if self.disguised and not self.operators:
            raise ValueError(
                "disguised is above 0, but there are no operators; name some, such as {kind: homoglyph}"
            )
        if self.tiers.get("T3") and self.templates is None:
            raise ValueError("tier T3 needs templates: the path of a YAML file with your own")
        if "child_safety" in kinds and self.child_safety is None:
            raise ValueError(
                "policy child_safety is off unless child_safety.targets names the runs and hosts that may get its "
                "synthetic hashes"
            )
        return self
