"""Populating: the population of an audience, from its settings and the catalogue that tastes are about."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.audience.composition import Composition, margins_of
from sim.audience.households import Household
from sim.audience.population import Population, Settlers
from sim.audience.settings import AudienceSettings
from sim.catalog.catalog import Catalog

__all__ = ["composed", "populated", "settlers"]

_ATTRIBUTES = ("region", "language", "device", "age_band", "accessibility", "consent", "leaning")


def populated(
    seed: int,
    blocks: NDArray[np.int64],
    audience: AudienceSettings,
    words: Mapping[str, tuple[str, ...]],
    catalog: Catalog,
) -> Population:
    """Columns of the viewers of some blocks; ``words`` are the scenario's vocabularies."""
    personas = audience.personas
    leans = set(personas.leanings) != {"open"}
    return Population(
        seed,
        blocks,
        viewers=audience.people,
        block_size=audience.block,
        composition=composed(seed, audience, words),
        words={name: words[name] for name in _ATTRIBUTES},
        settlers=settlers(audience),
        leanings=_leanings(words["leaning"], catalog, personas.leaning_strength) if leans else None,
        household=Household(audience.households, seed, dimensions=catalog.dimensions)
        if audience.households.share
        else None,
        activity_law=audience.activity_law,
        activity_spread=audience.activity_spread,
        dimensions=catalog.dimensions,
        changing=[*_changing(audience)],
    )


def _changing(audience: AudienceSettings) -> Iterator[str]:
    if audience.drifting:
        yield "taste"
    if audience.consent.changes_per_year:
        yield "consent"


def composed(seed: int, audience: AudienceSettings, words: Mapping[str, tuple[str, ...]]) -> Composition:
    """Who an audience is composed of; ValueError if that cannot be."""
    margins = margins_of(
        audience.regions, audience.devices, words["language"], audience.consent.shares, audience.personas
    )
    known = {name: words[name] for name in _ATTRIBUTES}
    return Composition.of(seed, audience.viewers, known, margins, audience.personas, audience.groups)


def settlers(audience: AudienceSettings) -> list[Settlers]:
    """The numbers of those who join during the run, a stream each."""
    ends = audience.viewers + np.cumsum([0, *(each.count for each in audience.newcomers)])
    codes = {name: code for code, name in enumerate(audience.regions)}
    return [
        (int(first), int(last), None if each.region is None else codes[each.region])
        for each, first, last in zip(audience.newcomers, ends[:-1], ends[1:], strict=True)
    ]


def _leanings(names: tuple[str, ...], catalog: Catalog, strength: float) -> NDArray[np.float32]:
    added = np.zeros((len(names), catalog.dimensions), dtype=np.float32)
    for place, name in enumerate(names):
        if name in catalog.genres:
            centre = catalog.trait[catalog.genre == catalog.genres.index(name)].mean(axis=0)
            added[place] = strength * catalog.dimensions**0.5 * centre / np.linalg.norm(centre)
    return added
