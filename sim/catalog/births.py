"""Births: what a new item is, the next of a series that is due, a whole album, or something by itself."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.catalog.catalog import Catalog
from sim.catalog.collections import Places
from sim.catalog.settings import Collection
from sim.durations import DAY
from sim.seeds import rng_for
from sim.shares import coded, shares

__all__ = ["Births"]


@dataclass(order=True)
class _Ongoing:
    """A series that goes on: when its next item is due, the last one, and how many are to come."""

    due: int
    last: int
    to_come: int


class Births:
    """How a catalogue grows; ``rate`` is how often something is born, in births a millisecond.

    A series has its next item when it is due by its rhythm; where none is due, a new one begins. So the number of
    series that go on settles where their rhythms make the births that are set.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog, formats = catalog, catalog.settings.formats
        self._kinds = list(formats.values())
        # An album is one birth of many items.
        many = np.array([form.collection.mean if _at_once(form.collection) else 1.0 for form in self._kinds])  # type: ignore[union-attr]
        births = shares({name: form.share for name, form in formats.items()}) / many
        self._weights = births / births.sum()
        self.rate = catalog.settings.births_per_day / DAY / float(self._weights @ many)
        self._waiting: list[list[_Ongoing]] = [[] for _ in self._kinds]
        self._go_on()

    def _go_on(self) -> None:
        """Series of the stock whose last item is younger than their rhythm wait for the next one."""
        catalog, rng = self.catalog, rng_for(self.catalog.seed, "catalog", "ongoing")
        for code, form in enumerate(self._kinds):
            if form.collection is not None:
                young = catalog.start - catalog.born_at < form.collection.every
                last = np.flatnonzero((catalog.format == code) & (catalog.next_item < 0) & young)
                for item, size in zip(last, form.collection.sizes(len(last), rng=rng), strict=True):
                    self._wait(code, int(item), int(size))

    def _wait(self, code: int, last: int, to_come: int) -> None:
        collection = self._kinds[code].collection
        if collection is not None and to_come > 0:
            due = int(self.catalog.born_at[last]) + collection.every
            heapq.heappush(self._waiting[code], _Ongoing(due, last, to_come))

    def bear(self, now: int, *, rng: np.random.Generator) -> NDArray[np.int64]:
        """One birth; returns the numbers of the new items, which are more than one for an album."""
        code = int(coded(self._weights, rng.random(1))[0])
        collection = self._kinds[code].collection
        if collection is None:
            return self._add(code, now, None, rng=rng)
        if _at_once(collection):
            size = int(collection.sizes(1, rng=rng)[0])
            first = len(self.catalog)
            return self._add(code, now, Places.together(np.arange(first, first + size)), rng=rng)
        return self._next(code, collection, now, rng=rng)

    def _next(
        self, code: int, collection: Collection, now: int, *, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        waiting, places, to_come = self._waiting[code], None, 0
        if waiting and waiting[0].due <= now:
            series = heapq.heappop(waiting)
            places, to_come = self._after(series.last), series.to_come
        else:
            to_come = int(collection.sizes(1, rng=rng)[0])
        born = self._add(code, now, places, rng=rng)
        self._wait(code, int(born[0]), to_come - 1)
        return born

    def _after(self, last: int) -> Places:
        catalog = self.catalog
        head, position = int(catalog.collection[last]), int(catalog.position[last]) + 1
        return Places(np.array([head]), np.array([position]), np.array([last]))

    def _add(
        self, code: int, now: int, places: Places | None, *, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        count = 1 if places is None else len(places.head)
        form = np.full(count, code, dtype=np.uint8)
        return self.catalog.add(np.full(count, now), rng=rng, form=form, places=places)


def _at_once(collection: Collection | None) -> bool:
    return collection is not None and collection.every == 0
