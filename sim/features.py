"""Drift features: which numbers and names of the stream a scenario wants watched."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.durations import HOUR, MINUTE, Duration
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
    topic: Literal["journeys", "content", "audience", "catalog"]
    """Topic that carries it."""
    kinds: tuple[str, ...] = Field(min_length=1)
    """Kinds of record that carry it."""
    field: str
    """Field of the record."""
    type: Literal["numeric", "categorical"]
    """Numbers are compared by quantile bins, names by their shares."""

    @model_validator(mode="after")
    def _known(self) -> "Feature":
        for kind in self.kinds:
            fields = [field.name for field in kind_named(self.topic, kind).fields]
            if self.field not in fields:
                raise UnknownNameError(f"field of {kind}", self.field, fields)
        return self


class DriftWatch(BaseModel):
    """What is watched for drift, and over which spans of simulated time."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    reference: Duration = Field(default=2 * HOUR, gt=0)
    """The first span of the run, that later windows are compared with."""
    window: Duration = Field(default=30 * MINUTE, gt=0)
    """The span of one reading."""
    features: tuple[Feature, ...] = ()
    """The values watched."""
