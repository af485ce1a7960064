"""Disturbances: what happens to the fields of records on their way from who acts to who reads."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.population import Population
from sim.batch import EventBatch, Tick
from sim.events import RecordKind, kind_named
from sim.seeds import Draws

__all__ = ["Disturbance", "Disturbances", "Surroundings"]


@dataclass
class Surroundings:
    """What a disturbance may ask: random numbers by position, words of label fields, attributes of viewers."""

    seed: int
    span: int = 1
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Population | None = None
    """The viewers whose events are here, once there are any."""

    def draws(self, shift: str) -> Draws:
        """The random numbers of a shift."""
        return Draws(self.seed, "disturbance", shift)

    def among(self, batch: EventBatch, attribute: str, words: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which records are of viewers who have one of these words for an attribute, by their own field or known."""
        codes = [self.vocabularies[attribute].index(word) for word in words]
        column = batch.columns.get(attribute)
        if column is None and self.people is not None and "user_id" in batch.columns:
            row = np.searchsorted(self.people.viewer, batch.columns["user_id"])
            column = getattr(self.people, attribute)[row]
        return np.isin(column, codes) if column is not None else np.zeros(len(batch), dtype=np.bool_)


class Disturbance(ABC):
    """A change of columns of some kinds of record."""

    @property
    @abstractmethod
    def kinds(self) -> frozenset[RecordKind]:
        """The kinds it is about."""

    @abstractmethod
    def disturbed(
        self, batch: EventBatch, rows: NDArray[np.int64], around: Surroundings
    ) -> Mapping[str, NDArray[Any]]:
        """New columns for those that change, given the rows of the batch to which it applies."""


class Disturbances:
    """The disturbances in effect, each from its onset until its end, by when records occur.

    A field that is missing is one that is masked in its column (``numpy.ma``); what it would be stands below the mask.
    """

    def __init__(
        self, seed: int, *, span: int = 1, vocabularies: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.around = Surroundings(seed, span, vocabularies or {})
        self._active: dict[str, tuple[Disturbance, int, int | None]] = {}

    def begin(self, shift: str, disturbance: Disturbance, onset: int, end: int | None) -> None:
        """Let a shift disturb what occurs from one tick after ``onset`` until one after ``end`` (epoch ms)."""
        span = self.around.span
        self._active[shift] = (
            disturbance,
            -(-onset // span) * span,
            None if end is None else -(-end // span) * span,
        )

    def applied(self, tick: Tick) -> Tick:
        """The tick as it reaches its readers: order, numbers and times stay."""
        if not self._active:
            return tick
        return replace(tick, batches=tuple(self._batch(batch) for batch in tick.batches))

    def _batch(self, batch: EventBatch) -> EventBatch:
        for disturbance, onset, end in self._active.values():
            # A kind whose fields have changed meanwhile is still the one that was meant.
            if kind_named(batch.kind.topic, batch.kind.name) in disturbance.kinds:
                here = (batch.at >= onset) & (end is None or batch.at < end)
                if here.any():
                    changed = disturbance.disturbed(batch, np.flatnonzero(here), self.around)
                    batch = replace(batch, columns={**batch.columns, **changed})
        return batch
