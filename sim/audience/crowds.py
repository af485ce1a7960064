"""Crowds: times at which more viewers come than the curve says, because of something outside their habits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.names import UnknownNameError

__all__ = ["Crowd", "Crowds"]


@dataclass(frozen=True)
class Crowd:
    """From ``at`` (epoch ms) on, for ``length`` ms, viewers of some regions (codes) come ``factor`` times as often."""

    at: int
    length: int
    factor: float
    regions: tuple[int, ...]


class Crowds:
    """The crowds that are gathered: an intensity, known in advance, by which the clocks of regions run faster.

    This is how a premiere, an alert or an outage elsewhere brings people in: whoever is away comes back sooner, each
    by chance, and all in the same way in every shard, since nothing but the seeded intensity is shared. Extra arrivals
    in the window are (factor - 1) times those that would have come anyway. The intensity is averaged over each tick.

    From an actor on the stage: ``world.cohort.crowds.gather(at, length=HOUR, factor=4.0, regions=["iberia"])``.
    Every shard must call it alike, before the tick in which the crowd begins (at the start of the run, or at least one
    step of the clock ahead): what is past cannot be made busier. Crowds that overlap add up: two of factor 3 give 5.

    >>> crowds = Crowds(["north", "south"])
    >>> crowds.gather(at=1_000, length=500, factor=3.0, regions=["south"])
    >>> crowds.level(1_000, 2_000).tolist()
    [1.0, 2.0]
    """

    def __init__(self, regions: Sequence[str]) -> None:
        self.regions = tuple(regions)
        self._gathered: list[Crowd] = []

    def gather(self, at: int, length: int, factor: float, regions: Sequence[str] | None = None) -> None:
        """Let viewers of these regions (all of them if None) come ``factor`` times as often for a while.

        ``at`` and ``length`` are in ms; a factor below 1 keeps people away. ValueError if ``length`` or ``factor`` is
        not above 0, UnknownNameError for a region that there is not.
        """
        if length <= 0 or not factor > 0:
            raise ValueError(f"a crowd of length {length} ms and factor {factor}: both must be above 0")
        for region in regions or ():
            if region not in self.regions:
                raise UnknownNameError("region", region, self.regions)
        codes = tuple(self.regions.index(region) for region in (self.regions if regions is None else regions))
        self._gathered.append(Crowd(at, length, factor, codes))

    def level(self, now: int, end: int) -> NDArray[np.float64]:
        """Intensity in each region over ``[now, end)``, relative to what it would be; forgets crowds that are over."""
        level = np.ones(len(self.regions))
        self._gathered = [crowd for crowd in self._gathered if crowd.at + crowd.length > now]
        for crowd in self._gathered:
            overlap = max(0, min(end, crowd.at + crowd.length) - max(now, crowd.at))
            level[list(crowd.regions)] += (crowd.factor - 1) * overlap / (end - now)
        return np.maximum(level, 1e-6)
