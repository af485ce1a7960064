"""Attendance: which viewers come more and which less often than the scenario says."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.audience.population import Population
from sim.seeds import Draws

__all__ = ["Attendance"]

Weights = Mapping[str, float]


class Attendance:
    """Relative weights of arrivals by an attribute of the viewers, one set for each shift that is in effect.

    Of those who are about to come, all with the greatest weight do, of the others a share in proportion (thinning;
    Lewis and Shedler 1979); clocks run faster by ``level``, so that as many come in all as would without. Whoever is
    turned away will be back after another gap.

    >>> attendance = Attendance(seed=7, shares={"device": {"tv": 0.5, "phone": 0.5}})
    >>> attendance.weigh("phones", "device", {"phone": 3})
    >>> attendance.level
    1.5
    """

    def __init__(self, seed: int, *, shares: Mapping[str, Weights] | None = None) -> None:
        """``shares`` of the audience by attribute and word."""
        self._seed, self._shares = seed, shares or {}
        self._weights: dict[str, tuple[str, dict[str, float]]] = {}

    def weigh(self, shift: str, attribute: str, weights: Weights) -> None:
        """Let a shift weigh arrivals by an attribute, in place of what it did before; no weights: no longer."""
        self._weights.pop(shift, None)
        if weights:
            self._weights[shift] = (attribute, dict(weights))

    @property
    def level(self) -> float:
        """By how much faster clocks run, to make up for who is turned away."""
        level = 1.0
        for attribute, weights in self._weights.values():
            shares = self._shares.get(attribute, {})
            mean = sum(share * weights.get(word, 1.0) for word, share in shares.items()) / sum(
                shares.values()
            )
            level *= max(weights.get(word, 1.0) for word in shares) / mean
        return level

    def admitted(
        self, people: Population, rows: NDArray[np.int64], at: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which rows of a population do come, of those about to at some times (epoch ms)."""
        kept = np.ones(len(rows), dtype=np.bool_)
        for shift, (attribute, weights) in self._weights.items():
            table = np.array([weights.get(word, 1.0) for word in people.words[attribute]])
            chance = (table / table.max())[getattr(people, attribute)[rows]]
            kept &= Draws(self._seed, "attendance", shift).uniform(people.viewer[rows], at) < chance
        return kept

    def __bool__(self) -> bool:
        return bool(self._weights)
