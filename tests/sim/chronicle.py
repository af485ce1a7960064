"""A chronicle: what a world did over a span of time, one table a kind, in the order of its stream."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

import numpy as np
import polars as pl

from sim.batch import EventBatch, Tick
from sim.numbering import event_ids
from sim.pace import Pace
from sim.scenario import Scenario
from sim.world import World


def ticks_of(world: World, span: int) -> list[Tick]:
    """The ticks of a world that begin within a span of simulated milliseconds."""
    end = world.stage.tick * world.pace.span + span
    return list(takewhile(lambda tick: tick.at < end, world.ticks()))


def table(batch: EventBatch, tag: str) -> pl.DataFrame:
    """The events of a batch; free text and JSON stay Python objects."""
    columns: dict[str, Any] = {"at": batch.at, "source": batch.source, "number": batch.number}
    columns["event_id"] = event_ids(tag, batch.kind.topic, batch.source.tolist(), batch.number.tolist())
    for field in batch.kind.fields:
        values = batch.columns[field.name]
        columns[field.name] = (
            pl.Series(values.tolist(), dtype=pl.Object) if values.dtype == object else values
        )
    return pl.DataFrame(columns).with_columns(kind=pl.lit(batch.kind.name))


@dataclass(frozen=True)
class Chronicle:
    """Ticks, and tables made of them."""

    world: World
    ticks: list[Tick]

    @classmethod
    def of(
        cls, scenario: Scenario, span: int, *, pace: Callable[[Scenario], Pace] = Pace.of, **given: Any
    ) -> "Chronicle":
        world = World(scenario, pace=pace(scenario), **given)
        return cls(world, ticks_of(world, span))

    @property
    def start(self) -> int:
        return self.ticks[0].at

    @cached_property
    def _tables(self) -> dict[tuple[str, str], pl.DataFrame]:
        parts: dict[tuple[str, str], list[pl.DataFrame]] = {}
        for tick in self.ticks:
            for batch in tick.batches:
                made = table(batch, self.world.stage.tag)
                parts.setdefault((batch.kind.topic, batch.kind.name), []).append(made)
        return {key: pl.concat(tables) for key, tables in parts.items()}

    def kind(self, topic: str, name: str) -> pl.DataFrame:
        return self._tables[topic, name]

    def kinds(self, topic: str) -> list[str]:
        return sorted(name for where, name in self._tables if where == topic)

    def stream(self, topic: str, *fields: str) -> pl.DataFrame:
        """All events of a topic in the order in which they are emitted, with the fields that they share."""
        wanted = ["at", "source", "number", "event_id", "kind", *fields]
        parts = []
        for tick in self.ticks:
            batches = [table(batch, self.world.stage.tag).select(wanted) for batch in tick.on(topic)]
            if batches:
                parts.append(pl.concat(batches)[np.asarray(tick.orders[topic])])
        return pl.concat(parts)
