"""Composition: who is in an audience, drawn in columns from one small joint table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.personas import Group, Personas
from sim.audience.raking import raked
from sim.names import UnknownNameError
from sim.seeds import digest64
from sim.shares import coded, shares

__all__ = ["Composition", "margins_of"]

_MOST_CELLS = 500_000

Codes = NDArray[np.uint8]
Table = NDArray[np.float64]


@dataclass(frozen=True)
class Composition:
    """Shares of attributes, and joint tables of those that are named together, one for each group and one for the rest.

    ``margins`` holds the shares of each attribute by its words (that of languages one row a region); ``joint`` names
    the axes of ``tables``, whose last one is that of viewers in no group; ``ends`` is where each group ends in the
    order in which viewers are dealt to groups.
    """

    seed: int
    viewers: int
    margins: Mapping[str, Table]
    joint: tuple[str, ...]
    tables: tuple[Table, ...]
    ends: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        seed: int,
        viewers: int,
        words: Mapping[str, Sequence[str]],
        margins: Mapping[str, Table],
        personas: Personas,
        groups: Mapping[str, Group],
    ) -> "Composition":
        """The composition of an audience whose attributes have these words and shares; ValueError if it cannot be."""
        wheres = [part.where for part in personas.together] + [group.where for group in groups.values()]
        named = {name for where in wheres for name in where}
        if "language" in named:
            named.add("region")
        joint = tuple(name for name in words if name in named)
        counts = [group.of(viewers) for group in groups.values()]
        if sum(counts) > viewers:
            raise ValueError(
                f"groups of {sum(counts):,} viewers in all do not fit an audience of {viewers:,}"
            )
        tables: tuple[Table, ...] = ()
        if joint:
            tables = _tables(joint, words, margins, personas, groups, np.array(counts) / viewers)
        return cls(seed, viewers, margins, joint, tables, np.cumsum(counts, dtype=np.int64))

    def group(self, viewer: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each viewer's group, or the number of groups for who is in none.

        Viewers are dealt by an affine permutation of their numbers, so that each group has its exact number in all,
        about its share of each block, and needs no table.
        """
        step, first = (
            digest64("groups", self.seed) % self.viewers,
            digest64("group", self.seed) % self.viewers,
        )
        while gcd(step, self.viewers) != 1:
            step += 1
        dealt = (viewer * step + first) % self.viewers
        group = np.searchsorted(self.ends, dealt, side="right")
        return np.where(viewer < self.viewers, group, len(self.ends))

    def drawn(
        self, viewer: NDArray[np.int64], *, region: int | None = None, rng: np.random.Generator
    ) -> dict[str, Codes]:
        """Codes of every attribute of viewers, who are all of one region if it is given."""
        count = len(viewer)
        uniform = {name: rng.random(count) for name in self.margins}
        found: dict[str, Codes] = {}
        if self.joint:
            found = self._together(self.group(viewer), rng.random(count), region)
        for name, share in self.margins.items():
            if name == "language":
                continue
            if name == "region" and region is not None:
                found[name] = np.full(count, region, dtype=np.uint8)
            elif name not in found:
                found[name] = coded(share, uniform[name])
        if "language" not in found:
            found["language"] = _spoken(self.margins["language"], found["region"], uniform["language"])
        return found

    def _together(
        self, group: NDArray[np.int64], uniform: NDArray[np.float64], region: int | None
    ) -> dict[str, Codes]:
        cell = np.zeros(len(group), dtype=np.int64)
        for place, table in enumerate(self.tables):
            rows = np.flatnonzero(group == place)
            if len(rows):
                here = table if region is None else _restricted(table, self.joint, region)
                cell[rows] = _cells(here, uniform[rows])
        codes = np.unravel_index(cell, self.tables[0].shape)
        return {name: code.astype(np.uint8) for name, code in zip(self.joint, codes, strict=True)}


def _cells(table: Table, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    passed = np.cumsum(table)
    cell: NDArray[np.int64] = np.searchsorted(passed, uniform * passed[-1], side="right")
    return cell


def _restricted(table: Table, joint: tuple[str, ...], region: int) -> Table:
    if "region" not in joint:
        return table
    kept = np.zeros_like(table)
    here = tuple(region if name == "region" else slice(None) for name in joint)
    kept[here] = table[here]
    if not kept.sum() > 0:
        raise ValueError("nobody can be of the region that newcomers come from")
    return kept


def _spoken(languages: Table, region: Codes, uniform: NDArray[np.float64]) -> Codes:
    spoken = np.empty(len(region), dtype=np.uint8)
    for code, share in enumerate(languages):
        here = np.flatnonzero(region == code)
        spoken[here] = coded(share, uniform[here])
    return spoken


def _tables(
    joint: tuple[str, ...],
    words: Mapping[str, Sequence[str]],
    margins: Mapping[str, Table],
    personas: Personas,
    groups: Mapping[str, Group],
    sizes: NDArray[np.float64],
) -> tuple[Table, ...]:
    shape = tuple(len(words[name]) for name in joint)
    if np.prod(shape) > _MOST_CELLS:
        raise ValueError(
            f"attributes named together have {np.prod(shape):,} combinations; {_MOST_CELLS:,} is the most"
        )
    totals = _totals(joint, margins)
    start = np.ones(shape)
    for axes, total in totals.items():
        start = start * np.expand_dims(total, tuple(axis for axis in range(len(shape)) if axis not in axes))
    members = [_cells_where(joint, words, group.where) for group in groups.values()]
    overlap = np.sum(members, axis=0) > 1 if members else np.zeros(shape, dtype=np.bool_)
    start = np.where(overlap, 0.0, start)
    slabs = [(_cells_where(joint, words, each.where), each.share) for each in personas.together]
    slabs += [(cells, float(size)) for cells, size in zip(members, sizes, strict=True)]
    for (cells, size), name in zip(slabs[len(personas.together) :], groups, strict=True):
        if size > 0 and not start[cells].sum() > 0:
            raise ValueError(f"group {name!r}: nobody can be so, or only members of other groups too")
    table = raked(start, totals, slabs)
    rest = np.where(np.any(members, axis=0), 0.0, table) if members else table
    return (*(np.where(cells, table, 0.0) for cells in members), rest)


def _totals(joint: tuple[str, ...], margins: Mapping[str, Table]) -> dict[tuple[int, ...], Table]:
    totals: dict[tuple[int, ...], Table] = {}
    for axis, name in enumerate(joint):
        if name == "language":
            # What is spoken depends on the region, which comes before it.
            totals[joint.index("region"), axis] = margins["region"][:, None] * margins["language"]
        elif not (name == "region" and "language" in joint):
            totals[(axis,)] = margins[name]
    return totals


def _cells_where(
    joint: tuple[str, ...], words: Mapping[str, Sequence[str]], where: Mapping[str, str]
) -> NDArray[np.bool_]:
    cells: Any = np.ones(tuple(len(words[name]) for name in joint), dtype=np.bool_)
    for name, word in where.items():
        if word not in words[name]:
            raise UnknownNameError(name, word, words[name])
        axis = joint.index(name)
        right = np.arange(len(words[name])) == list(words[name]).index(word)
        cells = cells & np.expand_dims(right, tuple(other for other in range(len(joint)) if other != axis))
    found: NDArray[np.bool_] = cells
    return found


def margins_of(
    regions: Mapping[str, Any],
    devices: Mapping[str, float],
    languages: Sequence[str],
    consent: Mapping[str, float],
    personas: Personas,
) -> dict[str, Table]:
    """The shares of every attribute of an audience; those of languages by region."""
    return {
        "region": shares({name: region.share for name, region in regions.items()}),
        "language": np.array(
            [
                shares({name: region.languages.get(name, 0.0) for name in languages})
                for region in regions.values()
            ]
        ),
        "device": shares(devices),
        "age_band": shares(personas.age_bands),
        "accessibility": shares(personas.accessibility),
        "consent": shares(consent),
        "leaning": shares(personas.leanings),
    }
