"""A shift of units."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.batch import EventBatch
from sim.disturbances import Surroundings
from sim.events import FieldType
from sim.shifts.disturbing import Disturbing

__all__ = ["UnitError"]


class UnitError(Disturbing):
    """A number comes in the wrong unit, such as seconds for milliseconds, from some viewers' software.

    What does not fit the field is cut off at its greatest number.

    >>> where = {"device": ["tv"]}
    >>> UnitError(name="seconds", at="1h", records=["complete"], field="watched_ms", where=where).factor
    0.001
    """

    kind: Literal["unit_error"] = "unit_error"
    types: ClassVar[frozenset[FieldType]] = frozenset({"count"})
    factor: float = Field(default=0.001, gt=0, le=1e6)
    """What the number is multiplied by."""
    share: float = Field(default=1.0, gt=0, le=1)
    """Share of the viewers (in records without viewers: of the items) whose software is wrong."""

    @property
    def size(self) -> float:
        """The factor."""
        return self.factor

    def changed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The field in the wrong unit."""
        owner = batch.columns["user_id" if "user_id" in batch.columns else "item_id"]
        rows = rows[around.draws(self.name).uniform(owner[rows]) < self.share]
        column, most = batch.columns[self.field].copy(), 10.0 ** self.field_of(batch.kind).digits - 1
        wide = min(most, float(np.iinfo(column.dtype).max))
        column[rows] = np.minimum(np.rint(column[rows] * self.factor), wide)
        return {self.field: column}
