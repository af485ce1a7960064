"""Collections: which items of a stock belong together, as episodes of a series or tracks of an album do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.catalog.settings import Collection, Format

__all__ = ["Places", "arranged"]


@dataclass(frozen=True)
class Places:
    """Where items stand: the first item of their collection, their position in it from 1, and the item before or -1."""

    head: NDArray[np.int64]
    position: NDArray[np.int64]
    previous: NDArray[np.int64]

    @classmethod
    def alone(cls, items: NDArray[np.int64]) -> "Places":
        """Each item by itself."""
        return cls(items.copy(), np.ones(len(items), np.int64), np.full(len(items), -1))

    @classmethod
    def together(cls, items: NDArray[np.int64]) -> "Places":
        """All items in one collection, in their order."""
        return cls(np.full(len(items), items[0]), np.arange(1, len(items) + 1), np.append(-1, items[:-1]))


def arranged(
    form: NDArray[np.uint8], age: NDArray[np.int64], formats: Sequence[Format], *, rng: np.random.Generator
) -> tuple[Places, NDArray[np.int64]]:
    """A first stock put into collections, with ages that follow from their rhythm.

    ``age`` is how old each item is if it stands by itself; of a collection, the last item keeps its age.
    """
    places, age = Places.alone(np.arange(len(form))), age.copy()
    for code, kind in enumerate(formats):
        items = np.flatnonzero(form == code)
        if kind.collection and len(items):
            begins, sizes = _cut(kind.collection, len(items), rng=rng)
            which = np.repeat(np.arange(len(sizes)), sizes)
            position = np.arange(len(items)) - begins[which]
            places.head[items], places.position[items] = items[begins[which]], position + 1
            places.previous[items[1:]] = np.where(position[1:] > 0, items[:-1], -1)
            to_come = sizes[which] - 1 - position
            age[items] = age[items[begins + sizes - 1]][which] + to_come * kind.collection.every
    return places, age


def _cut(
    collection: Collection, count: int, *, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sizes = np.empty(0, dtype=np.int64)
    while sizes.sum() < count:
        sizes = np.concatenate([sizes, collection.sizes(int(count / collection.mean) + 8, rng=rng)])
    ends = np.cumsum(sizes)
    begins = (ends - sizes)[: int(np.searchsorted(ends, count)) + 1]
    return begins, np.diff(begins, append=count)
