"""Outcomes: what the audience did with the slates, for all and by group, and how attention was spread."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.origins import SLATE
from sim.batch import EventBatch, Tick
from sim.durations import DAY, HOUR
from sim.world import World
from streams.loadtest.intervals import share
from streams.loadtest.recommender.cells import Cells
from streams.loadtest.recommender.exposure import Exposure, gini, intra_list_diversity
from streams.loadtest.recommender.groups import DIMENSIONS, members, names_of
from streams.loadtest.recommender.latest import Latest
from streams.loadtest.recommender.retention import Retention
from streams.recommenders.live_slates import FALLBACK, SERVED

__all__ = ["Outcomes"]

_AGES = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 180 * DAY)
_AGE_NAMES = ("<1h", "1h-6h", "6h-1d", "1d-3d", "3d-7d", "7d-30d", "30d-180d", "180d+")
_VISITS = (1, 2, 3, 6, 11)
_VISIT_NAMES = ("first", "second", "third", "4-6", "7-11", "12+")
_NOBODY = -1
_NOTHING = {"slates": 0, "impressions": 0, "ctr": None, "low": None, "high": None, "watch_seconds": None}


class Outcomes:
    """Follows the events of a world; the service's slates are told apart from the fallback's.

    Groups of viewers: region, device, age band, language, accessibility, consent, and the named groups of the scenario,
    if it has any. Cold start: items by their age in the viewer's
    region, viewers by how often they were here before. What is played after a search or again from memory is not the
    recommender's doing and does not count.
    """

    def __init__(self, world: World) -> None:
        self.world, self._began = world, world.stage.tick * world.pace.span
        people, named = world.cohort.population, world.scenario.audience.groups
        self._groups: dict[str, NDArray[Any]] = {name: getattr(people, name) for name in DIMENSIONS}
        if named:
            self._groups["group"] = members(people, named)
        self.groups = {name: Cells(words) for name, words in names_of(world.scenario).items()}
        self.everyone, self.fallback = Cells(["all"]), Cells(["all"])
        self.item_age, self.viewer_age = Cells(_AGE_NAMES), Cells(_VISIT_NAMES)
        self.exposure, self.retention = Exposure(), Retention(len(people))
        self._diversity, self._diverse = 0.0, 0
        # Who filled the slate that a viewer picked from last, and the one that what plays now was picked from.
        self._filled, self._picked_by = Latest(len(people), SERVED), Latest(len(people), _NOBODY)
        self._playing = Latest(len(people), _NOBODY)

    def take(self, tick: Tick) -> None:
        """Follow one step of the clock."""
        kinds = {batch.kind.name: batch for batch in tick.on("journeys")}
        for name, follow in (
            ("session_end", self._end),
            ("session_start", self._start),
            ("impression", self._show),
            ("select", self._pick),
            ("play", self._play),
            ("skip", self._watch),
            ("abandon", self._watch),
            ("complete", self._watch),
        ):
            if name in kinds:
                follow(kinds[name])
        self.exposure.step((tick.end - self._began) / 1000, self.world.catalog.anywhere(tick.end))

    def _rows(self, batch: EventBatch) -> NDArray[np.int64]:
        rows: NDArray[np.int64] = np.searchsorted(
            self.world.cohort.population.viewer, batch.columns["user_id"]
        )
        return rows

    def _start(self, batch: EventBatch) -> None:
        self.retention.start(self._rows(batch), batch.at)

    def _end(self, batch: EventBatch) -> None:
        self.retention.end(self._rows(batch), batch.at)

    def _show(self, batch: EventBatch) -> None:
        row, columns = self._rows(batch), batch.columns
        first = columns["rank"] == 1
        slate = np.cumsum(first) - 1
        self._filled.change(row[first], batch.at[first], columns["policy"][first])
        served = columns["policy"] == SERVED
        if not served.all():
            heads = np.flatnonzero(first & ~served)
            nobody = np.zeros(int((~served).sum()), dtype=np.int64)
            self.fallback.show(nobody[: len(heads)], nobody)
        items = np.flatnonzero(served)
        if len(items):
            self._shown(row[items], columns["item_id"][items], first[items], slate[items], batch, items)

    def _shown(
        self,
        row: NDArray[Any],
        item: NDArray[Any],
        first: NDArray[Any],
        slate: NDArray[Any],
        batch: EventBatch,
        events: NDArray[Any],
    ) -> None:
        for cells, of_item in self._placed(row, item, batch.columns["session_id"][events], batch.at[events]):
            cells.show(of_item[:0] if cells is self.item_age else of_item[first], of_item)
        self.exposure.show(item)
        genres = self.world.catalog.genres
        numbered = np.unique(slate, return_inverse=True)[1]
        total, slates = intra_list_diversity(
            numbered, self.world.catalog.genre[item].astype(np.int64), len(genres)
        )
        self._diversity += total
        self._diverse += slates

    def _placed(
        self, row: NDArray[Any], item: NDArray[Any], session: NDArray[Any], at: NDArray[Any]
    ) -> list[tuple[Cells, NDArray[Any]]]:
        """The cell of each event in every dimension."""
        catalog, people = self.world.catalog, self.world.cohort.population
        age = at - catalog.available_from[item, people.region[row]]
        return [
            (self.everyone, np.zeros(len(row), dtype=np.int64)),
            *((self.groups[name], codes[row]) for name, codes in self._groups.items()),
            (self.item_age, np.searchsorted(_AGES, age, "right")),
            (self.viewer_age, np.searchsorted(_VISITS, session, "right")),
        ]

    def _pick(self, batch: EventBatch) -> None:
        row, columns = self._rows(batch), batch.columns
        served = self._filled.before(row, batch.at, until=1) == SERVED
        self.fallback.pick(np.zeros(int((~served).sum()), dtype=np.int64))
        for cells, of_pick in self._placed(
            row[served], columns["item_id"][served], columns["session_id"][served], batch.at[served]
        ):
            cells.pick(of_pick)
        self._picked_by.change(row, batch.at, np.where(served, SERVED, FALLBACK))

    def _play(self, batch: EventBatch) -> None:
        row, from_slate = self._rows(batch), batch.columns["origin"] == SLATE
        picked_by = self._picked_by.before(row, batch.at, until=1)
        self._playing.change(row, batch.at, np.where(from_slate, picked_by, _NOBODY))

    def _watch(self, batch: EventBatch) -> None:
        row, columns = self._rows(batch), batch.columns
        whose = self._playing.before(row, batch.at)
        others = np.flatnonzero(whose == FALLBACK)
        self.fallback.watch(np.zeros(len(others), dtype=np.int64), columns["watched_ms"][others])
        mine = np.flatnonzero(whose == SERVED)
        watched = columns["watched_ms"][mine]
        for cells, of_play in self._placed(
            row[mine], columns["item_id"][mine], columns["session_id"][mine], batch.at[mine]
        ):
            cells.watch(of_play, watched)

    def summary(self) -> dict[str, Any]:
        """The outcomes as they stand in the JSON report; CTR is picks an impression, watched seconds are a slate's."""
        items = self.world.catalog.anywhere(self.world.stage.tick * self.world.pace.span)
        every = self.everyone.summary().get("all", dict(_NOTHING))
        return {
            **every,
            "picks_per_slate": share(int(self.everyone.picks[0]), int(self.everyone.slates[0])),
            "coverage": self.exposure.coverage(items),
            "gini": gini(self.exposure.of(items)),
            "diversity": round(self._diversity / self._diverse, 6) if self._diverse else None,
            "retention": self.retention.summary(),
            "by_group": {name: cells.summary() for name, cells in self.groups.items()},
            "cold_start": {
                "item_age": self.item_age.summary(),
                "viewer_visit": self.viewer_age.summary(),
            },
            "popularity_feedback": self.exposure.history,
            "fallback": self.fallback.summary().get("all", dict(_NOTHING)),
        }
