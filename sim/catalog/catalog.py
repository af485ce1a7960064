"""The catalogue: what there is, what belongs together, how popular it is, and what can be seen where."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.catalog.attributes import Attributes
from sim.catalog.collections import Places, arranged
from sim.catalog.columns import FOREVER, ItemColumns
from sim.catalog.plans import Premiere
from sim.catalog.settings import CatalogSettings
from sim.durations import DAY
from sim.seeds import rng_for

__all__ = ["Catalog"]


class Catalog(ItemColumns):
    """Items from birth to removal; rows are only ever added.

    >>> settings = CatalogSettings(items=3, genres={"drama": 1}, formats={"film": {}})
    >>> catalog = Catalog(settings, 7, start=10**12, regions=["north"], dimensions=2)
    >>> len(catalog), catalog.following(np.array([0, 1])).tolist()
    (3, [-1, -1])
    """

    def __init__(
        self,
        settings: CatalogSettings,
        seed: int,
        *,
        start: int,
        regions: Sequence[str],
        dimensions: int,
        languages: Sequence[str] = ("en",),
    ) -> None:
        super().__init__(regions=len(regions), dimensions=dimensions)
        self.settings, self.seed, self.start = settings, seed, start
        self.regions, self.languages, self.dimensions = tuple(regions), tuple(languages), dimensions
        self.genres, self.formats = tuple(settings.genres), tuple(settings.formats)
        self.maturities = tuple(settings.maturity)
        self._kinds = list(settings.formats.values())
        self._half_life = np.array([form.half_life or settings.half_life for form in self._kinds])
        own = [settings.evergreen if form.evergreen is None else form.evergreen for form in self._kinds]
        self._evergreen = np.array(own)
        self._attributes = Attributes(settings, seed, languages=languages, dimensions=dimensions)
        self._bursts: list[tuple[int, int, Premiere]] = []
        self._stock()

    def _stock(self) -> None:
        count, settings = self.settings.items, self.settings
        rng = rng_for(self.seed, "catalog", "stock")
        form = self._attributes.forms(count, rng=rng)
        age = (rng.random(count) ** 1.5 * settings.history).astype(np.int64)
        places, age = arranged(form, age, self._kinds, rng=rng)
        self.add(self.start - age, rng=rng, form=form, places=places)
        for launch in settings.launches:
            held_back = rng.choice(count, min(launch.items, count), replace=False)
            region = self.regions.index(launch.region)
            self.available_from[held_back, region] = self.start + launch.at
            self.available_until[held_back, region] = FOREVER

    def add(
        self,
        born_at: NDArray[np.int64],
        *,
        rng: np.random.Generator,
        form: NDArray[np.uint8] | None = None,
        places: Places | None = None,
    ) -> NDArray[np.int64]:
        """Add items born at the given times, available everywhere at once; returns their numbers."""
        first, count = len(self), len(born_at)
        form = self._attributes.forms(count, rng=rng) if form is None else form
        places = places or Places.alone(np.arange(first, first + count))
        seasons = np.array(
            [form.collection.season if form.collection else None for form in self._kinds], float
        )
        every = seasons[form]
        items = self.append(
            **self._attributes.drawn(form, rng=rng),
            born_at=born_at,
            released_at=born_at,
            collection=places.head,
            position=places.position,
            season=np.where(np.isnan(every), 0, 1 + (places.position - 1) // np.nan_to_num(every, nan=1)),
            next_item=np.full(count, -1),
            available_from=np.repeat(born_at[:, None], len(self.regions), axis=1),
            available_until=self._terms(born_at, rng=rng),
        )
        continued = places.previous >= 0
        self.next_item[places.previous[continued]] = items[continued]
        self._resemble(items[places.head != items], rng=rng)
        return items

    def _terms(self, born_at: NDArray[np.int64], *, rng: np.random.Generator) -> NDArray[np.int64]:
        """When each item's rights end in each region, after as many terms as have passed until the run begins."""
        licences, shape = self.settings.licences, (len(born_at), len(self.regions))
        until = np.full(shape, FOREVER)
        licensed = np.flatnonzero(rng.random(len(born_at)) < licences.share)
        term = licences.term * np.exp(rng.standard_normal((len(licensed), shape[1])) * licences.spread)
        # A term is longer than the look-ahead of the process that ends it.
        term = np.maximum(term, DAY)
        age = np.maximum(self.start - born_at[licensed, None], 0)
        until[licensed] = born_at[licensed, None] + ((age // term + 1) * term).astype(np.int64)
        return until

    def _resemble(self, items: NDArray[np.int64], *, rng: np.random.Generator) -> None:
        """Let items take after the first of their collection; quality and trait keep their variance."""
        if not len(items):
            return
        head = self.collection[items]
        for column in (self.genre, self.language, self.maturity, self.creator):
            column[items] = column[head]
        alike = np.array([form.collection.alike if form.collection else 0.0 for form in self._kinds])
        share = alike[self.format[items]]
        common, own = share**0.5, (1 - share) ** 0.5
        self.quality[items] = common * self.quality[head] + own * self.quality[items]
        centre = self._attributes.centres(self.genre[items])
        drawn = self._attributes.traits(self.genre[items], rng=rng) - centre
        self.trait[items] = centre + common[:, None] * (self.trait[head] - centre) + own[:, None] * drawn

    def premiere(self, plan: Premiere, now: int, *, rng: np.random.Generator) -> NDArray[np.int64]:
        """Add an item that opens everywhere now, with a burst of popularity; returns its number."""
        form = self.formats.index(plan.format) if plan.format else 0
        items = self.add(np.array([now]), rng=rng, form=np.array([form], dtype=np.uint8))
        genre = np.array([self.genres.index(plan.genre) if plan.genre else 0], dtype=np.uint8)
        self.genre[items], self.trait[items] = genre, self._attributes.traits(genre, rng=rng)
        self.quality[items] = plan.appeal * self.settings.quality_spread
        self.available_until[items] = FOREVER
        self._bursts.append((int(items[0]), now, plan))
        return items

    def take_down(self, items: NDArray[Any], now: int, region: str | None = None) -> None:
        """Let nobody see items any more from now on, or nobody in one region."""
        columns = slice(None) if region is None else self.regions.index(region)
        self.available_until[items, columns] = np.minimum(self.available_until[items, columns], now)

    def release_again(self, items: NDArray[Any], now: int) -> None:
        """Open items everywhere, as if they were new."""
        self.available_from[items], self.available_until[items] = now, FOREVER
        self.released_at[items] = now

    def popularity(self, items: NDArray[Any], now: int, region: int | None = None) -> NDArray[np.float64]:
        """Weight of each item: exp(quality) × (evergreen + fading part), halving every half-life since its release.

        In a region, the release there counts; a premiere's burst comes on top.
        """
        since = self.released_at[items] if region is None else self.available_from[items, region]
        form = self.format[items]
        fading = 0.5 ** (np.maximum(now - since, 0) / self._half_life[form])
        evergreen = self._evergreen[form]
        weight: NDArray[np.float64] = np.exp(self.quality[items].astype(np.float64))
        weight *= evergreen + (1 - evergreen) * fading
        for item, at, plan in self._bursts:
            weight[items == item] *= 1 + (plan.burst - 1) * 0.5 ** (max(now - at, 0) / plan.fades)
        return weight

    def seen(
        self, items: NDArray[Any], region: NDArray[Any] | int, at: NDArray[Any] | int
    ) -> NDArray[np.bool_]:
        """True where an item can be seen in a region at a time; the three broadcast against each other."""
        opened: NDArray[np.bool_] = self.available_from[items, region] <= at
        lasts: NDArray[np.bool_] = self.available_until[items, region] > at
        return opened & lasts

    def available(self, region: int, now: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Items that can be seen in a region, and their popularity."""
        open_here = (self.available_from[:, region] <= now) & (self.available_until[:, region] > now)
        items = np.flatnonzero(open_here)
        return items.astype(np.int32), self.popularity(items, now, region)

    def anywhere(self, now: int) -> NDArray[np.int32]:
        """Items that can be seen in any region."""
        seen = (self.available_from <= now) & (self.available_until > now)
        return np.flatnonzero(seen.any(axis=1)).astype(np.int32)

    def hits(self, count: int, now: int, region: int | None = None) -> NDArray[np.int32]:
        """The most popular items of a region, or of all regions together, the first one in front."""
        if region is None:
            items = self.anywhere(now)
            weight = self.popularity(items, now)
        else:
            items, weight = self.available(region, now)
        if count < len(items):
            # Of equals at the end more than are wanted may be left: only few are put in order.
            few = np.flatnonzero(weight >= np.partition(weight, -count)[-count])
            items, weight = items[few], weight[few]
        return items[np.argsort(-weight, kind="stable")[:count]]

    def by_same_creator(self, item: int, now: int) -> NDArray[np.int32]:
        """All items that can be seen of an item's creator, itself in any case."""
        items = self.anywhere(now)
        found: NDArray[np.int32] = items[(self.creator[items] == self.creator[item]) | (items == item)]
        return found

    def following(self, items: NDArray[Any]) -> NDArray[np.int32]:
        """What comes after each item in its collection, or -1: the next episode, the next track."""
        following: NDArray[np.int32] = self.next_item[items]
        return following

    def open_regions(self, items: NDArray[Any], now: int) -> list[list[str]]:
        """Regions in which each item can be seen; items that are seen in the same regions share one list."""
        seen = (self.available_from[items] <= now) & (self.available_until[items] > now)
        patterns, which = np.unique(seen, axis=0, return_inverse=True)
        names = [[name for name, there in zip(self.regions, row, strict=True) if there] for row in patterns]
        return [names[code] for code in which.ravel().tolist()]
