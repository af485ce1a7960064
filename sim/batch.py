"""Batches and ticks: many events of one kind as named columns, and all that happens in one step of the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events import RecordKind
from sim.fate import Fate

__all__ = ["Columns", "EventBatch", "Tick", "concatenated", "objects", "taken"]

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class EventBatch:
    """Events of one kind; every column has one entry an event.

    ``at`` is when they occur (epoch ms), ``source`` who numbers them (a block of viewers, or a process on the stage),
    ``number`` their running number on the topic, which the world gives when their tick is complete. ``mess`` is None
    where nothing was planted among them, and else the columns ``leaves`` (when each leaves, epoch ms), ``skew`` (what
    the device's clock is ahead, ms), ``fate`` (see :class:`sim.fate.Fate`) and ``amount`` (its size, in bytes).
    """

    kind: RecordKind
    at: NDArray[np.int64]
    source: NDArray[np.int64]
    columns: Columns
    number: NDArray[np.int64]
    mess: Columns | None = None

    def __len__(self) -> int:
        return len(self.at)

    def rows(self, rows: NDArray[Any]) -> "EventBatch":
        """Some of the events."""
        return EventBatch(
            self.kind,
            self.at[rows],
            self.source[rows],
            taken(self.columns, rows),
            self.number[rows],
            None if self.mess is None else taken(self.mess, rows),
        )

    @property
    def leaves(self) -> NDArray[np.int64]:
        """When each event leaves, epoch ms: when it occurs, unless something held it up."""
        return self.at if self.mess is None else self.mess["leaves"]

    @property
    def fate(self) -> NDArray[np.uint8]:
        """What is done to each record."""
        return np.zeros(len(self), dtype=np.uint8) if self.mess is None else self.mess["fate"]

    def as_told(self) -> "EventBatch":
        """The events with their times as the devices' clocks have them: what their records say."""
        if self.mess is None or not self.mess["skew"].any():
            return self
        return replace(self, at=self.at + self.mess["skew"])

    def sent(self) -> "EventBatch":
        """The events without those that are dropped on their way."""
        if self.mess is None or not (dropped := self.mess["fate"] == Fate.DROPPED).any():
            return self
        return self.rows(np.flatnonzero(~dropped))

    def field(self, name: str) -> NDArray[Any]:
        """The column of a field."""
        return self.columns[name]


@dataclass(frozen=True)
class Tick:
    """One step of the clock: ``[at, at + span)`` in simulated milliseconds, and the events that leave in it.

    An event leaves when it occurs, unless planted mess holds it up. For each topic, ``orders`` puts the concatenation
    of the topic's batches in the order in which they leave: entry 0 is the position of the first event.
    """

    index: int
    at: int
    span: int
    batches: tuple[EventBatch, ...]
    orders: Mapping[str, NDArray[np.int64]]

    def __len__(self) -> int:
        return sum(map(len, self.batches))

    def on(self, topic: str) -> list[EventBatch]:
        """The batches of one topic."""
        return [batch for batch in self.batches if batch.kind.topic == topic]

    @property
    def end(self) -> int:
        """The simulated time at which the next tick begins."""
        return self.at + self.span

    def until(self, end: int) -> "Tick":
        """The tick without the events that leave at ``end`` or later."""
        if end >= self.end:
            return self
        kept = {batch.kind: np.flatnonzero(batch.leaves < end) for batch in self.batches}
        orders = {topic: self._order_until(topic, end) for topic in self.orders}
        batches = tuple(batch.rows(kept[batch.kind]) for batch in self.batches if len(kept[batch.kind]))
        return Tick(
            self.index, self.at, self.span, batches, {t: order for t, order in orders.items() if len(order)}
        )

    def _order_until(self, topic: str, end: int) -> NDArray[np.int64]:
        stays = np.concatenate([batch.leaves < end for batch in self.on(topic)])
        order = self.orders[topic]
        place = np.cumsum(stays) - 1
        kept: NDArray[np.int64] = place[order[stays[order]]]
        return kept


def taken(columns: Mapping[str, NDArray[Any]], rows: NDArray[Any]) -> Columns:
    """The given rows of every column."""
    return {name: column[rows] for name, column in columns.items()}


def concatenated(parts: Sequence[Mapping[str, NDArray[Any]]]) -> Columns:
    """Rows of several sets of equal columns, one after the other."""
    if len(parts) == 1:
        return dict(parts[0])
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def objects(values: Sequence[Any]) -> NDArray[Any]:
    """A column of Python objects, one an entry, lists among them too."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
