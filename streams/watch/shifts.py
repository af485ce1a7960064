"""Planted shifts, and which readings found them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from streams.watch.drift.reading import Reading

__all__ = ["PlantedShift", "ShiftResult", "false_alarms", "judged"]


class PlantedShift(BaseModel):
    """A shift that the simulator planted, from the topic ``truth``."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    shift: str
    shift_kind: str = ""
    dial: str
    factor: float | None = None
    size: float | None = None
    level: float = 1.0
    occurred_at: int
    """When it first took effect, epoch milliseconds of simulated time."""
    end_ms: int | None = None
    features: tuple[str, ...] = ()
    levels: tuple[tuple[int, float], ...] = ()
    """Its course: since when (epoch ms) which part of the change is in effect, in order of time."""

    @classmethod
    def of(cls, value: bytes | None) -> "PlantedShift | None":
        """The shift in a record of kind ``shift``, or None if it is none."""
        try:
            found = cls.model_validate(orjson.loads(value or b""))
        except (orjson.JSONDecodeError, ValidationError):
            return None
        return found.model_copy(update={"levels": ((found.occurred_at, found.level),)})

    def then(self, other: "PlantedShift") -> "PlantedShift":
        """The shift with what a further record of it says."""
        earlier, later = sorted((self, other), key=lambda each: each.occurred_at)
        known = {"levels": tuple(sorted({*self.levels, *other.levels})), "end_ms": later.end_ms}
        return earlier.model_copy(update=known)


@dataclass(frozen=True)
class ShiftResult:
    """A planted shift and the first reading that found it."""

    planted: PlantedShift
    found: Reading | None
    by_detector: Mapping[str, Reading]
    """The first reading that found it, for each detector that did."""

    def as_json(self) -> dict[str, Any]:
        """The result; ``detected_after_s`` is simulated, from onset to the end of the window that fired."""
        return {
            "shift": self.planted.shift,
            "kind": self.planted.shift_kind,
            "dial": self.planted.dial,
            "factor": self.planted.factor,
            "size": self.planted.size,
            "onset_ms": self.planted.occurred_at,
            "end_ms": self.planted.end_ms,
            "levels": [list(level) for level in self.planted.levels],
            "features": list(self.planted.features),
            "detected_after_s": self._delay_s(self.found),
            "feature": self.found and self.found.feature,
            "measure": self.found and self.found.detector,
            "by_detector": {name: self._delay_s(reading) for name, reading in self.by_detector.items()},
        }

    def _delay_s(self, reading: Reading | None) -> float | None:
        return None if reading is None else (reading.end_ms - self.planted.occurred_at) / 1000


def judged(shifts: Iterable[PlantedShift], readings: Iterable[Reading]) -> list[ShiftResult]:
    """Each shift, by onset, with the first reading of its features that fired after its onset."""
    fired = sorted((reading for reading in readings if reading.detected), key=lambda reading: reading.end_ms)
    return [_result(shift, fired) for shift in sorted(shifts, key=lambda shift: shift.occurred_at)]


def _result(shift: PlantedShift, fired: list[Reading]) -> ShiftResult:
    found = [reading for reading in fired if _explains(shift, reading)]
    names = dict.fromkeys(name for reading in found for name in reading.verdicts)
    first = {name: next((each for each in found if each.fired(name)), None) for name in names}
    by_detector = {name: reading for name, reading in first.items() if reading is not None}
    return ShiftResult(shift, found[0] if found else None, by_detector)


def false_alarms(shifts: Iterable[PlantedShift], readings: Iterable[Reading]) -> int:
    """Alarms that began before any planted shift of their feature; readings in a row are one alarm."""
    shifts = list(shifts)
    return sum(not any(_explains(shift, reading) for shift in shifts) for reading in _alarms(readings))


def _explains(shift: PlantedShift, reading: Reading) -> bool:
    return reading.feature in shift.features and reading.end_ms > shift.occurred_at


def _alarms(readings: Iterable[Reading]) -> Iterator[Reading]:
    """The first reading of every alarm."""
    by_feature = sorted(readings, key=lambda reading: (reading.feature, reading.end_ms))
    for _, row in groupby(by_feature, key=lambda reading: (reading.feature, reading.detected)):
        first = next(row)
        if first.detected:
            yield first
