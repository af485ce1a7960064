"""The clocks of an audience: operational time by region and device, as dials and crowds let it run."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.arrivals import ArrivalCurve, clock_of, curves
from sim.audience.crowds import Crowds
from sim.audience.population import Region
from sim.durations import HOUR

__all__ = ["Clocks"]

Floats = NDArray[np.float64]


class Clocks:
    """One clock for each region and each curve that devices have there; each shows ms of operational time.

    A tick begins with :meth:`begin`, which sets how fast the clocks run in it: by the curve, times the level of
    arrivals, times what the region's crowds add. A change of level thus acts on everyone who is away, at once.
    """

    def __init__(
        self,
        curve: ArrivalCurve,
        regions: Mapping[str, Region],
        devices: Sequence[str],
        *,
        start: int,
    ) -> None:
        self.table, distinct = curves(curve, regions, dict.fromkeys(devices))
        self.crowds = Crowds(tuple(regions))
        self._region = np.array([code for code, _ in distinct], dtype=np.intp)
        offsets = [region.utc_offset for region in regions.values()]
        self._offset = np.array(
            [round((offsets[code] + each.earlier) * HOUR) for code, each in distinct], dtype=np.int64
        )
        same = {each.model_copy(update={"earlier": 0}).model_dump_json(): each for _, each in distinct}
        made = {name: clock_of(each, start) for name, each in same.items()}
        names = [each.model_copy(update={"earlier": 0}).model_dump_json() for _, each in distinct]
        self._kinds = list(made.values())
        self._kind = np.array([list(made).index(name) for name in names], dtype=np.intp)
        self._numbers = np.arange(len(distinct))
        self._now, self._end = start, start
        self._level = np.ones(len(distinct))
        self._curve_now = self._base(self._numbers, start)
        self.passed, self.limit = np.zeros(len(distinct)), np.zeros(len(distinct))

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def acted_until(self) -> int:
        """The end of the latest tick that has begun (epoch ms)."""
        return self._end

    def of(self, region: NDArray[Any], device: NDArray[Any]) -> NDArray[Any]:
        """The number of each viewer's clock; the column of regions itself where devices make no difference."""
        if len(self) == len(self.table):
            return region
        narrow: NDArray[Any] = self.table.astype(np.uint8 if len(self) <= 256 else np.uint16)[region, device]
        return narrow

    def begin(self, now: int, end: int, level: float) -> None:
        """A tick ``[now, end)`` begins, in which arrivals are at a level."""
        if now != self._end:
            raise ValueError(f"a tick at {now} does not follow the one that ended at {self._end}")
        self.passed, self._now, self._end = self.limit, now, end
        self._level = level * self.crowds.level(now, end)[self._region]
        self._curve_now = self._base(self._numbers, now)
        self.limit = self.after(end)

    def after(self, at: int) -> Floats:
        """What each clock will show at a time, if it goes on as it does in this tick."""
        passed: Floats = self.passed + self._level * (self._base(self._numbers, at) - self._curve_now)
        return passed

    def reading(self, clock: NDArray[Any], at: NDArray[np.int64]) -> Floats:
        """What clocks show at times of this tick."""
        passed: Floats = self.passed[clock]
        passed += self._level[clock] * (self._base(clock, at) - self._curve_now[clock])
        return passed

    def time(self, clock: NDArray[Any], reading: Floats) -> NDArray[np.int64]:
        """When, within this tick, clocks show a reading (epoch ms)."""
        curve = self._curve_now[clock] + (reading - self.passed[clock]) / self._level[clock]
        at = self._by_kind(clock, curve, lambda kind, part: kind.to_local(part)).astype(np.int64)
        local: NDArray[np.int64] = np.clip(at - self._offset[clock], self._now, self._end - 1)
        return local

    def intensity(self, clock: NDArray[Any], at: int) -> Floats:
        """How fast clocks run at a time by their curves alone."""
        speeds = np.array(
            [
                float(self._kinds[kind].intensity(np.array([at + offset]))[0])
                for kind, offset in zip(self._kind, self._offset, strict=True)
            ]
        )
        speed: Floats = speeds[clock]
        return speed

    def spread(self, clock: NDArray[Any], begin: int, end: int, passed: Floats) -> NDArray[np.int64]:
        """Times between two others at which parts of the time between them have passed on clocks, by their curves."""
        first, last = self._base(clock, begin), self._base(clock, end)
        local = self._by_kind(clock, first + passed * (last - first), lambda kind, part: kind.to_local(part))
        at: NDArray[np.int64] = np.clip(local.astype(np.int64) - self._offset[clock], begin, end - 1)
        return at

    def _base(self, clock: NDArray[Any], at: int | NDArray[np.int64]) -> Floats:
        local = at + self._offset[clock]
        return self._by_kind(clock, local, lambda kind, part: kind.from_local(part))

    def _by_kind(self, clock: NDArray[Any], values: NDArray[Any], function: Any) -> Floats:
        if len(self._kinds) == 1:
            one: Floats = function(self._kinds[0], values)
            return one
        kind = self._kind[clock]
        found = np.empty(len(values), dtype=np.float64)
        for number, each in enumerate(self._kinds):
            rows = np.flatnonzero(kind == number)
            found[rows] = function(each, values[rows])
        return found
