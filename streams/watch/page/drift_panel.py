"""The drift panel: the distances of every feature, window by window, with what was planted and what was noticed."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from streams.watch.drift.reading import Reading

__all__ = ["DriftPanel"]

_WINDOWS = 240


@dataclass
class _Window:
    measures: dict[str, float] = field(default_factory=dict)
    detectors: list[str] = field(default_factory=list)
    n: int = 0


class DriftPanel:
    """The newest windows of each feature: its distances, and the detectors that alarmed."""

    def __init__(self, features: Iterable[str]) -> None:
        self._features: dict[str, OrderedDict[int, _Window]] = {name: OrderedDict() for name in features}

    def take(self, readings: Iterable[Reading]) -> None:
        """Take readings; of each feature the newest 240 windows are kept."""
        for reading in readings:
            windows = self._features.setdefault(reading.feature, OrderedDict())
            window = windows.setdefault(reading.end_ms, _Window())
            window.measures |= reading.measures
            window.n = max(window.n, reading.n)
            window.detectors += [
                name for name, verdict in reading.verdicts.items() if verdict.detected and verdict.alarms
            ]
            while len(windows) > _WINDOWS:
                windows.popitem(last=False)

    def as_json(self, judged: list[dict[str, Any]], false_alarms: int) -> dict[str, Any]:
        """The panel, with the planted shifts as they were judged."""
        return {
            "features": {name: _told(windows) for name, windows in self._features.items()},
            "shifts": judged,
            "false_alarms": false_alarms,
        }


def _told(windows: OrderedDict[int, _Window]) -> dict[str, Any]:
    measures = sorted({name for window in windows.values() for name in window.measures})
    return {
        "at": list(windows),
        "n": [window.n for window in windows.values()],
        "measures": {
            name: [_rounded(window.measures.get(name)) for window in windows.values()] for name in measures
        },
        "detected": [window.detectors for window in windows.values()],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
