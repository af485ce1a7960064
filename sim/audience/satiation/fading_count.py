"""Satiation by a count that fades."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import expit

from sim.audience.behaviour import Floats, Satiation

__all__ = ["FadingCount"]


class FadingCount(Satiation):
    """Counts what was played by genre, s ← δ·s + 1[genre], and is bored by σ(s − θ).

    The form of boredom in SARDINE (Deffayet et al. 2023) with a smooth threshold. Boredom at s = 0 is taken away, so
    that a fresh viewer is not bored at all.

    >>> FadingCount(decay=0.5).after(np.array([[2.0, 0.0]]), np.array([1])).tolist()
    [[1.0, 1.0]]
    """

    kind: Literal["fading_count"] = "fading_count"
    decay: float = Field(default=0.8, ge=0, lt=1)
    """What is left of every count after one more play, δ."""
    threshold: float = Field(default=2.5, ge=0, le=20)
    """Count θ at which a viewer is half bored."""

    def after(self, count: Floats, genre: NDArray[np.uint8]) -> Floats:
        """How much each genre was played, after one more item of a genre."""
        faded: Floats = count * count.dtype.type(self.decay)
        faded[np.arange(len(faded)), genre] += 1
        return faded

    def boredom(self, count: Floats) -> Floats:
        """Boredom, 0 to 1, by how much was played."""
        fresh = expit(-self.threshold)
        bored: Floats = (expit(count - self.threshold) - fresh) / (1 - fresh)
        return bored
