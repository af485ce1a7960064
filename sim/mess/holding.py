"""Holding: rows that were held up, until the tick in which they leave, and copies that follow."""

from collections.abc import Iterable, Iterator

import numpy as np

from sim.batch import Columns, EventBatch, concatenated, taken
from sim.calendar import Calendar
from sim.events import RecordKind
from sim.fate import Fate

__all__ = ["Holding"]

_MARKS = ("skew", "fate", "amount")


class Holding:
    """A calendar of rows for each kind that can be held up, by the time at which they leave."""

    def __init__(self, kinds: Iterable[RecordKind], span: int) -> None:
        self._span = span
        self.held = {kind: Calendar(span) for kind in kinds}

    def leaving(self, tick: int, kind: RecordKind, batch: EventBatch | None) -> EventBatch | None:
        """The rows of a kind that leave in a tick: of those that happened in it, and of those that were held up."""
        due = self.held[kind].pop(tick) if kind in self.held else None
        if due is None and (batch is None or batch.mess is None):
            return batch
        parts = [] if batch is None else list(self._parted(tick, kind, _rows(batch)))
        parts += [] if due is None else [due]
        return _batch(kind, concatenated(parts)) if parts else None

    def _parted(self, tick: int, kind: RecordKind, rows: Columns) -> Iterator[Columns]:
        """Rows that leave now; those that leave later are kept, and a copy is a further row."""
        twice = rows["fate"] == Fate.COPY
        copies = taken(rows, np.flatnonzero(twice))
        copies["at"] = copies["at"] + copies["amount"]
        rows["fate"] = np.where(twice, np.uint8(Fate.WHOLE), rows["fate"])
        for part in (rows, copies):
            later = part["at"] >= (tick + 1) * self._span
            if later.any():
                self.held[kind].put(taken(part, np.flatnonzero(later)))
                part = taken(part, np.flatnonzero(~later))
            if len(part["at"]):
                yield part


def _rows(batch: EventBatch) -> Columns:
    """A batch as columns that a calendar can keep: ``at`` is when a row leaves, ``happened`` when it occurred."""
    nothing = np.zeros(len(batch), dtype=np.int64)
    marks = batch.mess or {
        "leaves": batch.at,
        "skew": nothing,
        "fate": nothing.astype(np.uint8),
        "amount": nothing,
    }
    own = {"happened": batch.at, "source": batch.source, "number": batch.number, "at": marks["leaves"]}
    return {**batch.columns, **own, **{name: marks[name] for name in _MARKS}}


def _batch(kind: RecordKind, rows: Columns) -> EventBatch:
    marks = {"leaves": rows.pop("at"), **{name: rows.pop(name) for name in _MARKS}}
    at, source, number = (rows.pop(name) for name in ("happened", "source", "number"))
    return EventBatch(kind, at, source, rows, number, marks)
