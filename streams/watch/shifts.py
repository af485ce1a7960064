"""Planted shifts, and which readings found them."""

from collections.abc import Iterable, Iterator
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
    dial: str
    factor: float | None = None
    occurred_at: int
    """Onset, epoch milliseconds of simulated time."""
    features: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: bytes | None) -> "PlantedShift | None":
        """The shift in a record of kind ``shift``, or None if it is none."""
        try:
            return cls.model_validate(orjson.loads(value or b""))
        except (orjson.JSONDecodeError, ValidationError):
            return None


@dataclass(frozen=True)
class ShiftResult:
    """A planted shift and the first reading that found it."""

    planted: PlantedShift
    found: Reading | None

    def as_json(self) -> dict[str, Any]:
        """The result; ``detected_after_s`` is simulated, from onset to the end of the window that fired."""
        delay = None if self.found is None else (self.found.end_ms - self.planted.occurred_at) / 1000
        return {
            "shift": self.planted.shift,
            "dial": self.planted.dial,
            "factor": self.planted.factor,
            "onset_ms": self.planted.occurred_at,
            "features": list(self.planted.features),
            "detected_after_s": delay,
            "feature": self.found and self.found.feature,
            "measure": self.found and self.found.detector,
        }


def judged(shifts: Iterable[PlantedShift], readings: Iterable[Reading]) -> list[ShiftResult]:
    """Each shift, by onset, with the first reading of its features that fired after its onset."""
    fired = sorted((reading for reading in readings if reading.detected), key=lambda reading: reading.end_ms)
    return [
        ShiftResult(shift, next((reading for reading in fired if _explains(shift, reading)), None))
        for shift in sorted(shifts, key=lambda shift: shift.occurred_at)
    ]


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
