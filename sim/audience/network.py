"""The network: how long playback takes to start, and how often it stalls, by device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audience.settings import AudienceSettings
from sim.seeds import Draws

__all__ = ["Network", "by_device"]


def by_device(factors: Mapping[str, float], devices: Sequence[str]) -> NDArray[np.float64]:
    """The factor of each device's code, 1 where none is given.

    >>> by_device({"tv": 0.5}, ["phone", "tv"]).tolist()
    [1.0, 0.5]
    """
    return np.array([factors.get(device, 1.0) for device in devices])


@dataclass
class Network:
    """Start-up delays and stalls as the scenario's experience has them; without one, playback starts and goes on."""

    settings: AudienceSettings

    def __post_init__(self) -> None:
        experience = self.settings.experience
        self._factor = by_device(experience.devices if experience else {}, tuple(self.settings.devices))

    def startup(
        self, device: NDArray[Any], bits: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Milliseconds until the first frame, and who does not wait for it."""
        experience = self.settings.experience
        if experience is None:
            delay = -np.log1p(-Draws.uniform_from(bits, 3)) * self.settings.pauses.startup
            return np.rint(delay).astype(np.int64), np.zeros(len(delay), dtype=np.bool_)
        delay = experience.startup(self._factor[device], Draws.uniform_from(bits, 3))
        return np.rint(delay).astype(np.int64), experience.gives_up(delay, Draws.uniform_from(bits, 46))

    def rebuffering(self, device: NDArray[Any], bits: NDArray[np.uint64]) -> NDArray[Any] | None:
        """Time lost in stalls over the time played, or None where there is none at all."""
        experience = self.settings.experience
        if experience is None:
            return None
        return experience.rebuffering(self._factor[device], Draws.uniform_from(bits, 47))
