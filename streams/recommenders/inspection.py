"""Inspection of slates: what a service answered must exist, differ, be available to the viewer, and be enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.catalog.catalog import Catalog

__all__ = ["WRONG_SLATES", "Inspection", "Served"]

WRONG_SLATES = (
    *("not_json", "malformed", "missing", "unknown_item", "duplicate_item", "short_slate", "wrong_region"),
    *("not_a_candidate", "bad_propensity"),
)
"""Everything that can be wrong with an answer that came in time; the first two with the message as a whole."""


@dataclass(frozen=True)
class Served:
    """A slate that may be shown: k items, and the propensity of each (0 where the service told none)."""

    items: list[int]
    propensities: list[float]


class Inspection:
    """Finds what is wrong with a slate, if anything.

    The kinds are :data:`WRONG_SLATES`: a request without a slate is ``missing``, an item that is not available to the
    viewer, or not any more, ``wrong_region``.
    """

    def __init__(self, catalog: Catalog, size: int) -> None:
        self.catalog, self.size = catalog, size

    def inspect(
        self, slate: Mapping[str, Any] | None, *, region: int, at: int, candidates: Sequence[str] | None
    ) -> Served | str:
        """The slate as it may be shown, or the kind of what is wrong with it."""
        if slate is None:
            return "missing"
        names = slate.get("items")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return "malformed"
        if len(names) < self.size:
            return "short_slate"
        names = names[: self.size]
        if len(set(names)) < self.size:
            return "duplicate_item"
        if candidates is not None and not set(candidates).issuperset(names):
            return "not_a_candidate"
        items = [_number(name) for name in names]
        if min(items) < 0 or max(items) >= len(self.catalog):
            return "unknown_item"
        if not self._available(items, region, at):
            return "wrong_region"
        return self._with_propensities(items, slate.get("propensities"))

    def _available(self, items: list[int], region: int, at: int) -> bool:
        catalog = self.catalog
        return bool(
            (catalog.available_from[items, region] <= at).all()
            and (catalog.available_until[items, region] > at).all()
        )

    def _with_propensities(self, items: list[int], told: Any) -> Served | str:
        if told is None:
            return Served(items, [0.0] * self.size)
        if not isinstance(told, list) or len(told) < self.size:
            return "bad_propensity"
        told = told[: self.size]
        if not all(isinstance(p, (int, float)) and not isinstance(p, bool) and 0 <= p <= 1 for p in told):
            return "bad_propensity"
        return Served(items, np.asarray(told, dtype=np.float32).tolist())


def _number(name: str) -> int:
    digits = name[1:]
    return int(digits) if len(name) == 8 and name[0] == "t" and digits.isascii() and digits.isdigit() else -1
