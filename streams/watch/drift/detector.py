"""Detectors: who learns what is usual, and judges each window by it; one plug-in each."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.plugin import Family, Plugin

__all__ = ["DEFAULT_DETECTORS", "DETECTORS", "Detector", "Setting", "Verdict", "Watcher", "Window", "parsed"]

DEFAULT_DETECTORS: tuple[Mapping[str, Any], ...] = (
    {"kind": "chi_square"},
    {"kind": "adwin", "alarms": False},
)
"""Who watches where a scenario does not say: ADWIN tells of slow movement too, which is no alarm every evening."""


@dataclass(frozen=True)
class Window:
    """Values of one feature in a span ``[start, end)`` of simulated time (ms), in order of time.

    ``values`` has one row a record and one column a field (records × fields): numbers, or the numbers of names; NaN
    where the field is missing. Detectors of a single field look at the first column.
    """

    start: int
    end: int
    times: NDArray[np.int64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.times)

    @property
    def first(self) -> NDArray[np.float64]:
        """The first field, where it is not missing."""
        column = self.values[:, 0]
        return column[~np.isnan(column)]

    @property
    def complete(self) -> NDArray[np.float64]:
        """Rows in which no field is missing (rows × fields)."""
        return self.values[~np.isnan(self.values).any(axis=1)]

    def slices(self, count: int) -> NDArray[np.int64]:
        """In which of so many equal slices of the window each record is."""
        return (self.times - self.start) * count // (self.end - self.start)


@dataclass(frozen=True)
class Setting:
    """What a detector is told of the feature: whether values stand for names, and its budget of false alarms.

    ``alpha`` is the probability of a false alarm in one window; ``rng`` decides what is drawn for calibration.
    """

    categorical: bool
    alpha: float
    rng: np.random.Generator


@dataclass(frozen=True)
class Verdict:
    """What one detector says of one window: statistic against threshold, and how likely by chance alone.

    ``p`` is None for detectors that follow a stream and have no p-value for a window. ``effect`` and ``tolerance`` are
    in a unit of distance: how far the window is beyond chance, and how far is the usual movement.
    """

    statistic: float
    threshold: float
    p: float | None
    detected: bool
    effect: float = 0.0
    tolerance: float = 0.0
    at_ms: int | None = None
    """Simulated time at which a detector that follows the stream fired."""
    alarms: bool = True
    """Whether a drift that it detects is an alarm, or just told."""


class Watcher(ABC):
    """A detector at work on one feature, after its reference."""

    @abstractmethod
    def judge(self, window: Window) -> Verdict:
        """What the window says."""

    @abstractmethod
    def settle(self, window: Window, *, detected: bool) -> None:
        """Learn from the window last judged, now that it is decided whether it drifted."""


class Detector(Plugin):
    """A way to tell a changed stream from an unchanged one; its fields are its parameters."""

    numeric: ClassVar[bool] = True
    """Whether it takes numbers."""
    categorical: ClassVar[bool] = True
    """Whether it takes names."""
    joint: ClassVar[bool] = False
    """Whether it looks at all fields of a feature together."""

    name: str | None = Field(default=None, pattern=r"^[a-z0-9_-]+$")
    """Name in readings, to tell two of a kind apart; its kind, if not given."""
    alarms: bool = True
    """Whether what it detects is an alarm, or just told beside the verdicts of others."""

    @property
    def label(self) -> str:
        """What readings call it."""
        return self.name or self.kind

    def takes(self, sort: Literal["numeric", "categorical"]) -> bool:
        """Whether it takes features of this sort."""
        return self.numeric if sort == "numeric" else self.categorical

    @abstractmethod
    def learn(self, reference: Sequence[Window], setting: Setting) -> Watcher:
        """A watcher that knows the reference: windows in order of time, none of which drifts."""


DETECTORS = Family("detector", Detector, "streams.watch.drift.detectors")


def parsed(detectors: Iterable[Any]) -> tuple[Detector, ...]:
    """Detectors from a scenario's ``drift.detectors``; the default ones, if there are none.

    ValueError names what is wrong; two of the same name could not be told apart.
    """
    found = tuple(DETECTORS.parse(each) for each in (tuple(detectors) or DEFAULT_DETECTORS))
    labels = [each.label for each in found]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"two detectors are called {label!r}; give one of them a 'name'")
    return found
