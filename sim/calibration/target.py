"""Targets: published statistics with tolerance and source, and whether a chronicle holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.calibration.chronicle import Chronicle, simulated
from sim.calibration.statistic import AnyStatistic
from sim.durations import DAY, Duration
from sim.scenario import Scenario

__all__ = ["CheckedSize", "Target", "TargetSet", "Tolerance", "Verdict", "held"]

_RELATIVE, _ABSOLUTE = 0.10, 0.03


class Tolerance(BaseModel):
    """How far from a target still counts as near: a part of it, or a distance; the larger of those given."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    relative: float | None = Field(default=None, gt=0)
    """Part of the target's value."""
    absolute: float | None = Field(default=None, gt=0)
    """Distance in the statistic's own unit."""

    def width(self, value: float) -> float:
        """The distance allowed for a value."""
        return max((self.relative or 0) * abs(value), self.absolute or 0)


class Target(BaseModel):
    """A published statistic: which numbers it had, where, and how near is near enough."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name of the target; also the kind of its statistic, unless ``statistic`` says more."""
    statistic: AnyStatistic
    """What is computed from what was simulated."""
    values: dict[str, float] = Field(min_length=1)
    """Numbers by the labels of the statistic, such as p50; ``value`` stands for the only number of a statistic."""
    tolerance: Tolerance | None = None
    """How near is near enough; by default a tenth, for shares and Gini coefficients 0.03."""
    source: str = Field(min_length=3)
    """Where the numbers were published."""
    reasons: dict[str, str] = {}
    """Why a number is not held, by its label."""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        full = dict(given)
        statistic = full.get("statistic", {})
        if isinstance(statistic, Mapping):
            full["statistic"] = {"kind": full.get("name"), **statistic}
        if "value" in full:
            if "values" in full:
                raise ValueError("'value' and 'values' exclude each other: one is for a single number")
            full["values"] = {"": full.pop("value")}
        reason = full.get("reasons")
        return full | {"reasons": {"": reason}} if isinstance(reason, str) else full

    def allowed(self, value: float) -> float:
        """How far a simulated number may be from this value."""
        if self.tolerance is not None:
            return self.tolerance.width(value)
        # A tenth of a share of 0.5 is more generous than 0.03, of a share of 0.05 less: either is near enough.
        return max(_RELATIVE * abs(value), _ABSOLUTE if self.statistic.share else 0.0)


@dataclass(frozen=True)
class Verdict:
    """One number of a target, and what was simulated instead."""

    name: str
    target: float
    simulated: float
    tolerance: float
    source: str
    reason: str

    @property
    def passed(self) -> bool:
        """True if the simulated number is near enough."""
        return isfinite(self.simulated) and abs(self.simulated - self.target) <= self.tolerance

    @property
    def distance(self) -> float:
        """The signed distance in tolerances; what is not a number is ten of them away."""
        return (self.simulated - self.target) / self.tolerance if isfinite(self.simulated) else 10.0

    def as_json(self) -> dict[str, Any]:
        """The row of a report."""
        row = {
            "name": self.name,
            "target": self.target,
            "simulated": self.simulated if isfinite(self.simulated) else None,
        }
        return row | {
            "tolerance": self.tolerance,
            "pass": self.passed,
            "source": self.source,
            "reason": self.reason,
        }


class CheckedSize(BaseModel):
    """The size at which a scenario is checked: small enough to be quick, large enough to be certain."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    span: Duration = Field(default=30 * DAY, gt=0)
    """Simulated time."""
    tick: Duration = Field(default=DAY, gt=0)
    """Step of the clock, coarse: a recommender sees changes once a step."""
    changes: dict[str, Any] = {}
    """Values of the scenario to replace by dotted path: fewer viewers, no campaigns."""


class TargetSet(BaseModel):
    """What a profile is held to, and how it is looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    about: str = ""
    """What the statistics describe."""
    check: CheckedSize = CheckedSize()
    """The size at which they are simulated."""
    base: str | None = None
    """Scenario from which a search sets out."""
    vary: dict[str, tuple[float, float]] = {}
    """Parameters that a search may change, by dotted path, with their bounds."""
    targets: tuple[Target, ...] = Field(min_length=1)
    """The statistics."""

    @model_validator(mode="after")
    def _consistent(self) -> "TargetSet":
        names = [target.name for target in self.targets]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"target {twice[0]!r} is there twice; give one of them another name")
        for path, (low, high) in self.vary.items():
            if not low < high:
                raise ValueError(f"vary {path}: bounds [{low}, {high}] must rise")
        return self

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of record whose columns the statistics need."""
        return frozenset().union(*(target.statistic.kinds for target in self.targets))

    def chronicle(self, scenario: Scenario) -> Chronicle:
        """What happens in a scenario, at the size at which it is looked at."""
        return simulated(scenario, span=self.check.span, tick=self.check.tick, kinds=self.kinds)

    def judged(self, chronicle: Chronicle) -> list[Verdict]:
        """A verdict for each number of each target; ValueError names a label that its statistic does not have."""
        return [verdict for target in self.targets for verdict in _verdicts(target, chronicle)]


def _verdicts(target: Target, chronicle: Chronicle) -> list[Verdict]:
    found = target.statistic.measure(chronicle)
    unknown = [label for label in target.values if label not in found]
    if unknown:
        raise ValueError(
            f"target {target.name}: {target.statistic.kind} has no number {unknown[0]!r}; it has: {', '.join(found)}"
        )
    return [
        Verdict(
            f"{target.name}.{label}" if label else target.name,
            value,
            found[label],
            target.allowed(value),
            target.source,
            target.reasons.get(label, ""),
        )
        for label, value in target.values.items()
    ]


def held(verdicts: Sequence[Verdict]) -> float:
    """The part of the targets that hold."""
    return sum(verdict.passed for verdict in verdicts) / len(verdicts)
