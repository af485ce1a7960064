"""A shift of correlation."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.special import ndtri

from sim.batch import EventBatch
from sim.disturbances import Surroundings
from sim.events import FieldType
from sim.shifts.disturbing import Disturbing

__all__ = ["Correlation"]


class Correlation(Disturbing):
    """Two fields go together otherwise than before, while each by itself stays exactly as it is.

    Among the records of each block of viewers and tick, the values of ``field`` change places, so that their ranks have
    a Gaussian copula with those of ``beside``. No value is lost and none is new; with a handful of records in a block
    and tick (very large audiences), the coupling is weaker than asked for.

    Source: Nelsen (2006), "An Introduction to Copulas"; reordering by ranks: Iman and Conover (1982), "A
    distribution-free approach to inducing rank correlation among input variables".

    >>> Correlation(
    ...     name="loose", at="1h", records=["complete"], field="watched_ms", beside="duration_ms", rho=0
    ... ).size
    0.0
    """

    kind: Literal["correlation"] = "correlation"
    types: ClassVar[frozenset[FieldType]] = frozenset({"count", "share", "label"})
    beside: str
    """The field of the same records with which it goes together."""
    rho: float = Field(ge=-1, le=1)
    """Correlation of the normal scores from now on: 0 none, 1 the same order, -1 the opposite one."""

    @model_validator(mode="after")
    def _two(self) -> Self:
        for kind in self.kinds:
            self._check(kind, self.beside, self.types)
        if self.beside == self.field:
            raise ValueError(f"{self.field} cannot be coupled with itself; name another field")
        return self

    @property
    def size(self) -> float:
        """The correlation."""
        return self.rho

    def changed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """The field, its values in other places within their block."""
        rows = rows[np.argsort(batch.number[rows], kind="stable")]
        rows = rows[np.argsort(batch.source[rows], kind="stable")]
        source, column = batch.source[rows], batch.columns[self.field].copy()
        noise, ties = (
            around.draws(self.name).uniform(source, batch.number[rows], purpose) for purpose in (0, 1)
        )
        scores = _scores(source, batch.columns[self.beside][rows], ties)
        wanted = self.rho * scores + np.sqrt(1 - self.rho**2) * ndtri(np.maximum(noise, 1e-16))
        # Within each block: the smallest value goes where the smallest score is.
        column[rows[np.lexsort((wanted, source))]] = column[rows[np.lexsort((column[rows], source))]]
        return {self.field: column}


def _scores(
    source: NDArray[np.int64], values: NDArray[Any], ties: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Normal scores of values by their rank within their block; equal values are put in random order."""
    first = np.searchsorted(source, source, side="left")
    count = np.searchsorted(source, source, side="right") - first
    order = np.lexsort((ties, values, source))
    rank = np.empty(len(source))
    rank[order] = np.arange(len(source)) - first[order]
    return ndtri((rank + 0.5) / count)
