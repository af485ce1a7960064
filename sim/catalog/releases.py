"""Releases: the catalogue's life on the stage, from the first listing to premieres, expiries and removals."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.catalog.births import Births
from sim.catalog.catalog import Catalog
from sim.catalog.plans import Launch, Premiere, Removal, Rerelease
from sim.catalog.records import CatalogRecords
from sim.durations import HOUR
from sim.seeds import rng_for

__all__ = ["Releases"]

Process = Generator[simpy.Event, Any, None]


@dataclass
class Releases:
    """Processes that change the catalogue; every shard runs them, the owner of the records' source emits.

    ``refresh`` is called when a premiere opens, so that those who look for it find it; ``gather`` is told beforehand
    when and for how long (ms) which multiple of the usual audience comes for one.
    """

    env: simpy.Environment
    catalog: Catalog
    records: CatalogRecords
    refresh: Callable[[int], None]
    gather: Callable[[int, int, float], None]
    _purged: set[int] = field(default_factory=set)

    def start(self) -> None:
        """Put the processes on the stage."""
        settings, env = self.catalog.settings, self.env
        env.process(self._listing())
        env.process(self._births(Births(self.catalog)))
        # Launches first: what is born or comes back at the same moment is not part of them.
        for launch in settings.launches:
            env.process(self._launch(launch))
        for number, removal in enumerate(settings.removals):
            env.process(self._removal(removal, number))
        for rerelease in settings.rereleases:
            env.process(self._rerelease(rerelease))
        for number, premiere in enumerate(settings.premieres):
            env.process(self._premiere(premiere, number))
            if crowd := premiere.crowd:
                self.gather(self.catalog.start + premiere.at, crowd.lasts, crowd.factor)
        if settings.licences.share:
            env.process(self._expiries())

    def _announce(self, name: str, items: NDArray[Any]) -> None:
        self.records.announce(name, items, int(self.env.now))

    def _until(self, at: int) -> simpy.Event:
        return self.env.timeout(self.catalog.start + at - self.env.now)

    def _listing(self) -> Process:
        self._announce("listed", np.arange(len(self.catalog)))
        yield self.env.timeout(0)

    def _births(self, births: Births) -> Process:
        rng = rng_for(self.catalog.seed, "catalog", "births")
        while births.rate > 0:
            yield self.env.timeout(max(1, round(rng.exponential(1 / births.rate))))
            self._announce("born", births.bear(int(self.env.now), rng=rng))

    def _launch(self, launch: Launch) -> Process:
        yield self._until(launch.at)
        now, region = int(self.env.now), self.catalog.regions.index(launch.region)
        held_back = np.flatnonzero(self.catalog.available_from[:, region] == now)
        self._announce("launched", held_back[self.catalog.seen(held_back, region, now)])

    def _removal(self, removal: Removal, number: int) -> Process:
        yield self._until(removal.at)
        now, catalog = int(self.env.now), self.catalog
        region = None if removal.region is None else catalog.regions.index(removal.region)
        if removal.of == "popular":
            items = catalog.hits(removal.items, now, region)
        else:
            there = catalog.anywhere(now) if region is None else catalog.available(region, now)[0]
            rng = rng_for(catalog.seed, "catalog", "removal", number)
            items = np.sort(rng.choice(there, min(removal.items, len(there)), replace=False))
        catalog.take_down(items, now, removal.region)
        self._announce("removed", items)
        if removal.purged_after is not None:
            yield self.env.timeout(removal.purged_after)
            # What has come back in the meantime stays.
            items = items[(catalog.available_until[items] <= now).all(axis=1)]
            self._purged.update(items.tolist())
            self.records.purge(items, int(self.env.now))

    def _rerelease(self, rerelease: Rerelease) -> Process:
        yield self._until(rerelease.at)
        now, catalog = int(self.env.now), self.catalog
        gone = np.ones(len(catalog), dtype=bool)
        gone[catalog.anywhere(now)] = False
        items = np.lexsort((catalog.released_at, ~gone))
        items = items[~np.isin(items, list(self._purged))][: rerelease.items]
        catalog.release_again(items, now)
        self._announce("rereleased", items)

    def _premiere(self, premiere: Premiere, number: int) -> Process:
        yield self._until(premiere.at)
        now = int(self.env.now)
        rng = rng_for(self.catalog.seed, "catalog", "premiere", number)
        self._announce("premiered", self.catalog.premiere(premiere, now, rng=rng))
        self.refresh(now)

    def _expiries(self) -> Process:
        while True:
            begin = int(self.env.now)
            until = self.catalog.available_until
            for at in np.unique(until[(until > begin) & (until <= begin + HOUR)]).tolist():
                yield self.env.timeout(at - self.env.now)
                ended = (self.catalog.available_until == at).any(axis=1)
                self._announce("expired", np.flatnonzero(ended))
            yield self.env.timeout(begin + HOUR - self.env.now)
