"""The chronicle: all that happened in a span of a scenario, as columns by kind of record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.audience.lives import MEMBER
from sim.batch import Columns, EventBatch, concatenated
from sim.durations import DAY
from sim.events import KINDS
from sim.pace import Pace
from sim.scenario import Scenario
from sim.world import World

__all__ = ["Chronicle", "simulated"]

# The ways in which a play ends.
ENDINGS = ("skip", "abandon", "complete")


@dataclass(frozen=True)
class Chronicle:
    """What happened from ``start`` to ``end`` (epoch ms): ``columns`` by kind with ``at``, ``counts`` of all kinds.

    ``creator`` is who published each item; ``devices`` the words for device codes; ``members`` how many of the viewers
    belong to the service when it begins. Kinds that nobody asked to keep
    are counted only.
    """

    start: int
    end: int
    columns: Mapping[str, Columns]
    counts: Mapping[str, int]
    creator: NDArray[np.int64]
    items: int
    devices: tuple[str, ...] = ()
    viewers: int = 0
    members: int = 0

    def of(self, kind: str) -> Columns:
        """The columns of one kind of record, in order of time within a tick; KeyError names what was kept."""
        if kind == "ended":
            return self.ended
        if kind in self.columns:
            return self.columns[kind]
        if kind in self.counts:
            raise KeyError(f"{kind!r} was counted, not kept; kept: {', '.join(sorted(self.columns))}")
        return _nothing(kind)

    @cached_property
    def ended(self) -> Columns:
        """Every play that ended: when, whose, which item, how long it was watched and how long it is."""
        names = ("at", "user_id", "session_id", "item_id", "watched_ms", "duration_ms")
        parts = [
            {name: self.columns[kind][name] for name in names} for kind in ENDINGS if kind in self.columns
        ]
        return concatenated(parts) if parts else {name: np.empty(0, np.int64) for name in names}

    @property
    def days(self) -> float:
        """Length of the span in days."""
        return (self.end - self.start) / DAY


def _nothing(kind: str) -> Columns:
    fields = next(each.fields for each in KINDS if each.name == kind)
    return {name: np.empty(0, np.int64) for name in ("at", *(field.name for field in fields))}


def simulated(
    scenario: Scenario, *, span: int, tick: int = DAY, kinds: Collection[str] = (), arrivals: float = 1.0
) -> Chronicle:
    """Act out a span (ms) of a scenario in coarse steps of ``tick`` (ms), and keep the columns of some kinds.

    Nobody is inside when it begins. Recommenders see a changed catalogue once a step at most.
    """
    world = World(scenario, pace=Pace(span=tick, arrivals=arrivals))
    start, members = world.stage.tick * tick, int((world.cohort.lives.status == MEMBER).sum())
    kept: dict[str, list[Columns]] = {}
    counts: dict[str, int] = {}
    for step in world.ticks():
        step = step.until(start + span)
        for batch in step.batches:
            counts[batch.kind.name] = counts.get(batch.kind.name, 0) + len(batch)
            if batch.kind.name in kinds:
                kept.setdefault(batch.kind.name, []).append(_columns(batch))
        if step.end >= start + span:
            break
    return Chronicle(
        start,
        start + span,
        {kind: concatenated(parts) for kind, parts in kept.items()},
        counts,
        world.catalog.creator,
        len(world.catalog),
        tuple(scenario.audience.devices),
        scenario.audience.viewers,
        members,
    )


def _columns(batch: EventBatch) -> Columns:
    return {"at": batch.at, **batch.columns}
