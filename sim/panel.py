"""The panel: a small audience of its own from which a policy learns, the same in every shard."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.audience.cohort import Cohort
from sim.audience.consent import Erasure
from sim.audience.settings import AudienceSettings, Talk
from sim.batch import Columns, EventBatch
from sim.catalog.catalog import Catalog
from sim.durations import HOUR
from sim.events import RecordKind, kind_named
from sim.recommenders.popularity import StratifiedPopularity
from sim.recommenders.recommender import Encounters, Observed, Policy, SlateRequests, Slates
from sim.seeds import digest64
from sim.stage import Stage

__all__ = ["Casting", "PanelRooms"]

_SPAN = 6 * HOUR
_SHOWN, _PICKED = kind_named("journeys", "impression"), kind_named("journeys", "select")

Casting = Callable[[AudienceSettings, Policy, Stage, int, int], Cohort]
"""Puts an audience on a stage before a policy, from a seed and a time of beginning on."""


@dataclass(frozen=True)
class PanelRooms:
    """Seats panels: audiences drawn by the same law as the scenario's, on stages of their own.

    A policy must not learn from the viewers of its own shard, or events would depend on the number of shards. So it
    learns from a panel that every shard acts out alike, and whose cost is that of its few viewers.
    """

    seed: int
    audience: AudienceSettings
    catalog: Catalog
    cast: Casting

    def seated(self, policy: Policy, *, viewers: int, history: float) -> "_Panel":
        """A panel of so many viewers, who were here so many times on average before the run began."""
        few = self.audience.sample(min(viewers, self.audience.viewers))
        quiet = {"talk": Talk(comment=0, post=0, upload=0), "churn": None, "erasure": Erasure()}
        past = round(history * self.audience.returning.mean)
        return _Panel(self, few.model_copy(update=quiet), policy, self.catalog.start - past)


class _Panel:
    """A cohort in steps of six hours: its past served by popularity on today's catalogue, then by the policy."""

    def __init__(self, rooms: PanelRooms, audience: AudienceSettings, policy: Policy, begin: int) -> None:
        self.policy, self.catalog = policy, rooms.catalog
        self.at = begin // _SPAN * _SPAN
        self._stage = _Notebook(rooms.seed, span=_SPAN, sources=0, shard=(0, 1))
        self._stage.tick = self.at // _SPAN
        self._explorer = StratifiedPopularity(
            rooms.catalog, regions=len(audience.regions), size=audience.slate, temperature=1.0
        )
        seed = digest64("panel", rooms.seed) >> 1
        self._cohort = rooms.cast(audience, self, self._stage, seed, self.at)

    def refresh(self, now: int) -> None:
        """The policy is refreshed by whoever runs it, not by its panel."""

    def answer(self, requests: SlateRequests) -> Slates:
        """The slates of whoever serves the panel at the time."""
        server = self._explorer if self.at + _SPAN <= self.catalog.start else self.policy
        return server.answer(requests)

    def until(self, now: int) -> Observed:
        """What the panel did since the last call, in whole steps."""
        if self.at < self.catalog.start:
            self._explorer.refresh(self.catalog.start)
        batches: list[EventBatch] = []
        while self.at + _SPAN <= now:
            self._cohort.advance(self.at)
            batches += self._stage.take()
            self.at += _SPAN
            self._stage.tick += 1
        return Observed(self._encounters(batches, _SHOWN), self._encounters(batches, _PICKED))

    def _encounters(self, batches: list[EventBatch], kind: RecordKind) -> Encounters:
        met = [batch for batch in batches if batch.kind is kind]
        nothing = np.empty(0, dtype=np.int64)
        viewer, item, rank = (
            np.concatenate([nothing, *(batch.columns[name] for batch in met)])
            for name in ("user_id", "item_id", "rank")
        )
        at = np.concatenate([nothing, *(batch.at for batch in met)])
        return Encounters(viewer, self._cohort.population.region[viewer], item, rank, at)


class _Notebook(Stage):
    """A stage that keeps what a policy learns from and forgets the rest."""

    def emit(self, kind: RecordKind, columns: Columns) -> None:
        """Leave events; only impressions and picks are kept."""
        if kind in (_SHOWN, _PICKED):
            super().emit(kind, columns)
