"""A recorded verdict policy: recall, false positives and delay as somebody measured them."""

from math import exp, log
from statistics import NormalDist
from typing import Literal

from pydantic import Field, field_validator

from sim.adversaries.policy import POLICIES
from sim.adversaries.recipe import Recipe
from sim.adversaries.verdict import Verdict, Verdicts
from sim.durations import MINUTE, Duration
from sim.names import UnknownNameError
from sim.seeds import Stream

__all__ = ["Recorded"]


class Recorded(Verdicts):
    """Finds each violating text with a probability: its policy's recall, less what its disguise evades.

    P(found) = recall × (1 − evasion × s) with s the greatest strength in the chain of operators; a text that
    violates nothing is found with the false positive rate, a hard negative ``confusion`` times as often. The delay
    is lognormal. The figures are those of a classifier that somebody has measured, ``greenroom loadtest moderation``
    gives them.

    >>> from sim.adversaries.composer import composed
    >>> always = Recorded(recall=1, evasion=0, delay="1m", delay_spread=0)
    >>> always.verdict(composed("scam", 7, title="Low Tide"), 1, violating=True)
    Verdict(flagged=True, delay=60000)
    """

    kind: Literal["recorded"] = "recorded"
    recall: float = Field(default=0.7, ge=0, le=1)
    """Part of undisguised violating texts that is found."""
    by_policy: dict[str, float] = Field(default_factory=dict)
    """Recall of single policies, where it differs."""
    evasion: float = Field(default=0.6, ge=0, le=1)
    """Part of the recall that a disguise of full strength takes away."""
    false_positives: float = Field(default=0.002, ge=0, le=1)
    """Part of benign texts that is taken down."""
    confusion: float = Field(default=5, ge=1, le=1000)
    """How much more often hard negatives are taken down than other benign texts."""
    delay: Duration = Field(default=20 * MINUTE, gt=0)
    """Median time from posting to the verdict."""
    delay_spread: float = Field(default=1.0, ge=0, le=3)
    """Standard deviation of the logarithm of that time."""

    @field_validator("by_policy")
    @classmethod
    def _known(cls, by_policy: dict[str, float]) -> dict[str, float]:
        for policy, recall in by_policy.items():
            if policy not in POLICIES.classes():
                raise UnknownNameError("policy", policy, POLICIES.classes())
            if not 0 <= recall <= 1:
                raise ValueError(f"recall {recall} of {policy!r} is not between 0 and 1")
        return by_policy

    def verdict(self, recipe: Recipe, bits: int, *, violating: bool) -> Verdict:
        """The verdict on a text."""
        draws = Stream(bits)
        flagged = draws.bits() / 2**64 < self._chance(recipe, violating=violating)
        normal = NormalDist().inv_cdf((draws.bits() + 1) / (2**64 + 2))
        return Verdict(flagged, max(1, round(exp(log(self.delay) + self.delay_spread * normal))))

    def _chance(self, recipe: Recipe, *, violating: bool) -> float:
        if violating:
            strongest = max((strength for _, strength in recipe.chain), default=0.0)
            return self.by_policy.get(recipe.policy, self.recall) * (1 - self.evasion * strongest)
        return min(1.0, self.false_positives * (1 if recipe.policy == "none" else self.confusion))
