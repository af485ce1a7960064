"""Planting: a scenario's mess in the columns of each tick, and the labels that tell of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, EventBatch, concatenated, taken
from sim.events import KINDS, RecordKind, kind_named
from sim.mess.flood import Crowd, Flood
from sim.mess.hits import Hits, labelled
from sim.mess.holding import Holding
from sim.mess.mess import Mess
from sim.numbering import seed_tag
from sim.seeds import Draws

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = ["Added", "Planting", "planting_of"]

_NEVER = np.iinfo(np.int64).max
_MESS = kind_named("truth", "mess")

Added = list[tuple[Flood, RecordKind, slice]]
"""Who added which rows of a kind."""


class Planting:
    """What the stage asks when it closes a tick: who is added, who is hit, and who leaves when.

    What is held up is the only state: ``holding.held``, a calendar for each kind.
    """

    checkpointed: ClassVar = ("holding",)

    def __init__(
        self, messes: Sequence[Mess], seed: int, *, tag: str, start: int, span: int, crowd: Crowd
    ) -> None:
        """``start`` is when the run begins (epoch ms), ``span`` the length of a tick."""
        self._tag, self._start, self._span, self._crowd = tag, start, span, crowd
        self._floods = [
            (flood, next(filter(flood.concerns, KINDS)), Draws(seed, "flood", number))
            for number, flood in enumerate(messes)
            if isinstance(flood, Flood)
        ]
        self._hits = Hits(messes, seed, tag=tag, start=start, span=span)
        self.holding = Holding(self._hits.spoiling, span)

    def flood(
        self,
        drafts: dict[RecordKind, Columns],
        tick: int,
        shard: tuple[int, int],
        departures: Mapping[int, int],
    ) -> Added:
        """Add a shard's events of the floods that go on in a tick; nobody acts who was forgotten."""
        added: Added = []
        begin = tick * self._span - self._start
        for flood, kind, draws in self._floods:
            columns = flood.events(draws, self._crowd, begin, begin + self._span)
            if columns is None:
                continue
            columns["at"] += self._start
            mine = columns["source"] % shard[1] == shard[0]
            mine &= columns["at"] < _departed(columns["user_id"], departures)
            if not mine.any():
                continue
            columns = taken(columns, np.flatnonzero(mine))
            before = len(drafts[kind]["at"]) if kind in drafts else 0
            drafts[kind] = concatenated([drafts[kind], columns]) if before else columns
            added.append((flood, kind, slice(before, before + len(columns["at"]))))
        return added

    def hit(
        self,
        drafts: dict[RecordKind, Columns],
        numbers: Mapping[RecordKind, NDArray[np.int64]],
        added: Added,
    ) -> dict[RecordKind, Columns]:
        """The marks of each kind's rows that are hit; the labels of all that is planted become drafts of the truth."""
        marks, labels = {}, []
        for flood, kind, rows in added:
            columns = {name: drafts[kind][name][rows] for name in ("at", "source")}
            number = numbers[kind][rows]
            labels.append(
                labelled(self._tag, kind, flood, columns, number, [""] * len(number), [None] * len(number))
            )
        for kind, number in numbers.items():
            mine, told = self._hits.of(kind, drafts[kind], number)
            labels += told
            if mine is not None:
                marks[kind] = mine
        if labels:
            drafts[_MESS] = concatenated(labels)
        return marks

    def leaving(self, tick: int, batches: Mapping[RecordKind, EventBatch]) -> dict[RecordKind, EventBatch]:
        """The events that leave in a tick, of those that happened in it and of those that were held up."""
        left = {
            kind: self.holding.leaving(tick, kind, batches.get(kind))
            for kind in dict.fromkeys([*batches, *self.holding.held])
        }
        return {kind: batch for kind, batch in left.items() if batch is not None}


def planting_of(scenario: "Scenario", start: int, span: int) -> Planting | None:
    """What plants a scenario's mess; None if it has none, and then nothing is asked for anything."""
    if not scenario.mess:
        return None
    audience = scenario.audience
    return Planting(
        scenario.mess,
        scenario.seed,
        tag=seed_tag(scenario.seed),
        start=start,
        span=span,
        crowd=Crowd(audience.viewers, audience.block, scenario.catalog.items),
    )


def _departed(viewers: NDArray[np.int64], departures: Mapping[int, int]) -> NDArray[np.int64]:
    """When each viewer is forgotten; never, for most."""
    known, which = np.unique(viewers, return_inverse=True)
    times = [departures.get(viewer, _NEVER) for viewer in known.tolist()]
    return np.array(times, dtype=np.int64)[which]
