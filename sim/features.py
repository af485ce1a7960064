"""Drift features: which numbers and names of the stream a scenario wants watched."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.durations import DAY, HOUR, MINUTE, Duration
from sim.events import kind_named
from sim.names import UnknownNameError

__all__ = ["DriftWatch", "Feature"]


class Feature(BaseModel):
    """One value of one sort of record, watched for drift.

    >>> Feature(name="rank", topic="journeys", kinds=("select",), field="rank", type="numeric").name
    'rank'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    name: str
    """Name of the feature in readings and metrics."""
    topic: Literal["journeys", "content", "audience", "catalog", "truth"]
    """Topic that carries it; labels are on ``truth``, which a system under test does not read."""
    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of record that carry it."""
    field: str
    """Field of the record; ``kind`` for the share of each of the kinds among them."""
    beside: tuple[str, ...] = ()
    """Further fields of the same records, numbers too, for detectors that look at several together."""
    type: Literal["numeric", "categorical"]
    """Numbers are compared by quantile bins, names by their shares."""

    @model_validator(mode="after")
    def _known(self) -> "Feature":
        for kind in self.kinds:
            fields = [field.name for field in kind_named(self.topic, kind).fields]
            for name in self.fields:
                if name not in fields and name != "kind":
                    raise UnknownNameError(f"field of {kind}", name, fields)
        if self.type == "categorical" and self.beside:
            raise ValueError(f"{self.name}: names are watched one field at a time; leave out 'beside'")
        return self

    @property
    def fields(self) -> tuple[str, ...]:
        """All its fields, its own first."""
        return (self.field, *self.beside)


class DriftWatch(BaseModel):
    """What is watched for drift, and over which spans of simulated time."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    reference: Duration = Field(default=2 * HOUR, gt=0)
    """The first span of the run, that later windows are compared with."""
    window: Duration = Field(default=30 * MINUTE, gt=0)
    """The span of one reading."""
    warm_up: Duration = Field(default=0, ge=0)
    """Time left out at the start in any case; more is, until the stream is steady."""
    detectors: tuple[dict[str, Any], ...] = ()
    """Who looks at each window: kinds of detector, with their parameters; chi_square and adwin, if not given."""
    false_alarms: float = Field(default=0.05, gt=0, le=100)
    """False alarms of one detector that are expected in a simulated day, over all features."""
    control: Literal["holm", "benjamini_hochberg", "bonferroni"] = "holm"
    """How that is divided among the features of a window."""
    features: tuple[Feature, ...] = ()
    """The values watched."""

    @property
    def alpha(self) -> float:
        """Probability of a false alarm that one detector has for one window of all features."""
        return min(0.5, self.false_alarms * self.window / DAY)
