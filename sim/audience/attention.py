"""Attention: how long each play is watched, by format, device and how well playback works."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.network import by_device
from sim.audience.settings import AudienceSettings
from sim.catalog.catalog import Catalog
from sim.durations import DAY

__all__ = ["Attention"]


@dataclass
class Attention:
    """Applies the law of each item's format."""

    settings: AudienceSettings
    catalog: Catalog

    def __post_init__(self) -> None:
        settings = self.settings
        hurry = by_device(settings.hurry, tuple(settings.devices))
        self._patience = None if (hurry == 1).all() else 1 / hurry
        laws = [settings.watching_of.get(form, settings.watching) for form in self.catalog.formats]
        self._laws = list({id(law): law for law in laws}.values())
        self._law = np.array([self._laws.index(law) for law in laws], dtype=np.uint8)

    def ratio(
        self, item: NDArray[Any], device: NDArray[Any], affinity: NDArray[Any], uniform: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Time until each viewer stops over the item's length, and how often the item is played at most."""
        if self._patience is not None:
            # Dividing the hazard at every moment is raising the survival function to a power.
            uniform = -np.expm1(self._patience[device] * np.log1p(-uniform))
        length = self.catalog.duration_ms[item]
        if len(self._laws) == 1:
            law = self._laws[0]
            return law.ratio(affinity, length, uniform), np.full(1, law.loops)
        ratio, loops = np.ones((2, len(item)))
        number = self._law[self.catalog.format[item]]
        for code, law in enumerate(self._laws):
            rows = np.flatnonzero(number == code)
            ratio[rows] = law.ratio(affinity[rows], length[rows], uniform[rows])
            loops[rows] = law.loops
        return ratio, loops

    def watched(self, ratio: NDArray[Any], loops: NDArray[Any], length: NDArray[Any]) -> NDArray[np.int64]:
        """Milliseconds watched; an item that loops is watched no longer than a day."""
        longest = np.maximum(np.minimum(loops * length, DAY), length)
        watched: NDArray[np.int64] = np.clip(ratio * length, 1, longest).astype(np.int64)
        return watched
