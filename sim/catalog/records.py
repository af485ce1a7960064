"""Catalogue records: what the topic is told of items when something happens to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import Columns, objects
from sim.catalog.catalog import Catalog
from sim.catalog.columns import FOREVER
from sim.catalog.titles import title
from sim.events import kind_named
from sim.media import MediaDesk
from sim.seeds import digest64
from sim.stage import Stage

__all__ = ["CatalogRecords"]

_PURGED = kind_named("catalog", "purged")
_PLAIN = ("genre", "format", "language", "maturity", "duration_ms", "season", "position")


@dataclass
class CatalogRecords:
    """Writes records of items as they are at a time, if this shard owns the ``source`` that numbers them."""

    catalog: Catalog
    desk: MediaDesk
    stage: Stage
    source: int

    def announce(self, name: str, items: NDArray[Any], now: int) -> None:
        """Tell that something happened to items; ``name`` is the kind of record."""
        if len(items) and self.stage.owns(self.source):
            self.stage.emit(kind_named("catalog", name), self._columns(name, items.astype(np.int64), now))

    def purge(self, items: NDArray[Any], now: int) -> None:
        """End what the topic knows of items."""
        if len(items) and self.stage.owns(self.source):
            self.stage.emit(_PURGED, {**self._when(items, now), "item_id": items.astype(np.int64)})

    def _when(self, items: NDArray[Any], now: int) -> Columns:
        return {
            "at": np.full(len(items), now, dtype=np.int64),
            "source": np.full(len(items), self.source, dtype=np.int64),
        }

    def _columns(self, name: str, items: NDArray[np.int64], now: int) -> Columns:
        catalog = self.catalog
        titles = [title(digest64(catalog.seed, "title", item)) for item in items.tolist()]
        return {
            **self._when(items, now),
            "item_id": items,
            "creator_id": catalog.creator[items],
            "collection_id": catalog.collection[items],
            **{column: getattr(catalog, column)[items] for column in _PLAIN},
            "title": objects(titles),
            "regions": objects(catalog.open_regions(items, now)),
            "available_until": objects(self._ends(items, now)),
            "media": objects(self._media(name, items, titles)),
        }

    def _ends(self, items: NDArray[np.int64], now: int) -> list[Mapping[str, int] | None]:
        until = self.catalog.available_until[items]
        ends: list[Mapping[str, int] | None] = [None] * len(items)
        for row in np.flatnonzero(((until < FOREVER) & (until > now)).any(axis=1)).tolist():
            ahead = zip(self.catalog.regions, until[row].tolist(), strict=True)
            ends[row] = {region: at for region, at in ahead if now < at < FOREVER}
        return ends

    def _media(self, name: str, items: NDArray[np.int64], titles: list[str]) -> list[Any]:
        catalog = self.catalog
        genre, language = catalog.genre[items].tolist(), catalog.language[items].tolist()
        return [
            self.desk.specs(
                "catalog",
                name,
                {"title": words, "genre": catalog.genres[g], "language": catalog.languages[spoken]},
                item,
            )
            for item, words, g, spoken in zip(items.tolist(), titles, genre, language, strict=True)
        ]
