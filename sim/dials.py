"""Dials: the named levels of the world that a shift may turn."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, JsonValue

from sim.attendance import Attendance
from sim.disturbances import Disturbances
from sim.names import UnknownNameError
from sim.seeds import Draws

__all__ = ["DIALS", "DialName", "Dials"]

DIALS = {
    "arrivals": "How often viewers come, relative to the scenario.",
    "watch_scale": "How long they watch, relative to the scenario.",
    "choosiness": "How strongly taste decides, relative to the scenario.",
    "taste_turn": "How far tastes are turned: 1 as they are, 2 by a quarter turn (nobody likes what they liked), 3 "
    "to the opposite.",
    "reactions": "How often they like, dislike and rate, relative to the scenario.",
    "talk": "How often they comment, post and upload, relative to the scenario.",
    "violating": "How much of what they write violates a policy or seems to, relative to the scenario.",
}


def _known(name: str) -> str:
    if name not in DIALS:
        raise UnknownNameError("dial", name, DIALS)
    return name


DialName = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": list[JsonValue](sorted(DIALS))})
]
"""The name of a dial."""


class Dials:
    """The present level of every dial; 1 is what the scenario says.

    A shift may turn a dial for all viewers or for a share of them; a viewer is among a greater share if among a
    smaller one. Beside the dials stand what else shifts turn: who comes (``attendance``), and what happens to records
    on their way (``disturbances``).

    >>> dials = Dials()
    >>> dials.turn("watch_scale", 0.5)
    >>> dials["watch_scale"]
    0.5
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        attendance: Attendance | None = None,
        disturbances: Disturbances | None = None,
    ) -> None:
        self._seed = seed
        self._levels = dict.fromkeys(DIALS, 1.0)
        self._turns: dict[str, dict[str, tuple[float, float]]] = {name: {} for name in DIALS}
        self.attendance = Attendance(seed) if attendance is None else attendance
        self.disturbances = Disturbances(seed) if disturbances is None else disturbances

    def __getitem__(self, name: str) -> float:
        """The level of a dial, on average over viewers."""
        level = self._level(name)
        for factor, share in self._partial(name).values():
            level *= 1 + share * (factor - 1)
        return level

    def of(self, name: str, viewer: NDArray[np.int64]) -> float | NDArray[np.float64]:
        """The level of a dial for each viewer (by number); one number where it is the same for all."""
        level = self._level(name)
        partial = self._partial(name)
        if not partial:
            return level
        levels = np.full(len(viewer), level)
        for shift, (factor, share) in partial.items():
            levels[Draws(self._seed, "shift", shift).uniform(viewer) < share] *= factor
        return levels

    def turn(self, name: str, factor: float) -> None:
        """Multiply a dial by a factor, for good."""
        self._levels[_known(name)] *= factor

    def set(self, shift: str, name: str, factor: float, *, share: float = 1.0) -> None:
        """Let a shift multiply a dial by a factor, for a share of the viewers, in place of what it did before."""
        turns = self._turns[_known(name)]
        turns.pop(shift, None)
        if factor != 1 and share > 0:
            turns[shift] = (factor, share)

    def _level(self, name: str) -> float:
        level = self._levels[_known(name)]
        for factor, share in self._turns[name].values():
            level *= factor if share >= 1 else 1
        return level

    def _partial(self, name: str) -> Mapping[str, tuple[float, float]]:
        return {shift: turn for shift, turn in self._turns[name].items() if turn[1] < 1}
