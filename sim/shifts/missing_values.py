"""A shift that lets values be missing."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import EventBatch
from sim.disturbances import Surroundings
from sim.events import FieldType
from sim.shifts.disturbing import Disturbing

__all__ = ["MissingValues"]


class MissingValues(Disturbing):
    """A field is absent at a rate, in records chosen without regard to what stands in it (missing at random).

    Source: Rubin (1976), "Inference and missing data", Biometrika 63.

    >>> MissingValues(name="gaps", at="1h", records=["session_start"], field="device", rate=0.2).target
    'journeys.device'
    """

    kind: Literal["missing_values"] = "missing_values"
    types: ClassVar[frozenset[FieldType]] = frozenset({"count", "label", "share", "text", "json"})
    rate: float = Field(gt=0, le=1)
    """Share of the records without the field."""

    @property
    def size(self) -> float:
        """The rate."""
        return self.rate

    def changed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The field, masked where it is missing; of free text and JSON, None."""
        drawn = around.draws(self.name).uniform(batch.source[rows], batch.number[rows])
        missing, column = rows[drawn < self.rate], batch.columns[self.field]
        if column.dtype == object:
            column = column.copy()
            column[missing] = None
            return {self.field: column}
        mask = np.ma.getmaskarray(column).copy()
        mask[missing] = True
        return {self.field: np.ma.MaskedArray(np.ma.getdata(column), mask)}
