"""Releases: the catalogue's life on the stage, from the first listing to births and regional launches."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.batch import Columns, objects
from sim.catalog.catalog import Catalog
from sim.catalog.titles import title
from sim.durations import DAY
from sim.events import kind_named
from sim.media import MediaDesk
from sim.seeds import digest64, rng_for
from sim.stage import Stage

__all__ = ["Releases"]


@dataclass
class Releases:
    """Processes that list, bear and launch items; every shard runs them, the owner of ``source`` emits."""

    env: simpy.Environment
    catalog: Catalog
    desk: MediaDesk
    stage: Stage
    source: int
    languages: tuple[str, ...]

    def start(self) -> None:
        """Put the processes on the stage."""
        self.env.process(self._listing())
        self.env.process(self._births())
        for launch in self.catalog.settings.launches:
            code = self.catalog.regions.index(launch.region)
            self.env.process(self._launch(self.catalog.start + launch.at, code))

    def _listing(self) -> Generator[simpy.Event, Any, None]:
        if self.stage.owns(self.source):
            self._announce("listed", np.arange(len(self.catalog)))
        yield self.env.timeout(0)

    def _births(self) -> Generator[simpy.Event, Any, None]:
        rate = self.catalog.settings.births_per_day / DAY
        rng = rng_for(self.catalog.seed, "catalog", "births")
        while rate > 0:
            yield self.env.timeout(max(1, round(rng.exponential(1 / rate))))
            born = self.catalog.add(np.array([int(self.env.now)]), rng=rng)
            self._announce("born", born)

    def _launch(self, at: int, region: int) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at - self.env.now)
        self._announce("launched", np.flatnonzero(self.catalog.available_from[:, region] == at))

    def _announce(self, name: str, items: NDArray[np.int64]) -> None:
        if self.stage.owns(self.source):
            self.stage.emit(kind_named("catalog", name), self._columns(name, items))

    def _columns(self, name: str, items: NDArray[np.int64]) -> Columns:
        catalog, now = self.catalog, int(self.env.now)
        words = [self._words(name, int(item), now) for item in items]
        return {
            "at": np.full(len(items), now, dtype=np.int64),
            "source": np.full(len(items), self.source, dtype=np.int64),
            "item_id": items,
            "genre": catalog.genre[items],
            "language": np.array([self._language(int(item)) for item in items], dtype=np.uint8),
            "duration_ms": catalog.duration_ms[items],
            "creator_id": catalog.creator[items],
            **{field: objects([word[field] for word in words]) for field in ("title", "regions", "media")},
        }

    def _language(self, item: int) -> int:
        return item % len(self.languages)

    def _words(self, name: str, item: int, now: int) -> dict[str, Any]:
        catalog = self.catalog
        named = title(digest64(catalog.seed, "title", item))
        event = {
            "title": named,
            "genre": catalog.genres[catalog.genre[item]],
            "language": self.languages[self._language(item)],
        }
        media = self.desk.specs("catalog", name, event, item)
        return {"title": named, "regions": catalog.open_regions(item, now), "media": media}
