"""Taste that moves toward what was enjoyed."""

from typing import Literal

import numpy as np
from pydantic import Field

from sim.audience.behaviour import Drifting, Floats

__all__ = ["Attraction"]


class Attraction(Drifting):
    """p ← norm((1 − ε)·p + ε·r·(q − p) + σ·ξ): toward what pleased, away from what did not, and a little by chance.

    Interest evolution as in RecSim (Ie et al. 2019) and KuaiSim, with noise. ``norm`` keeps the length of each viewer's
    taste, and q is the item's trait at that length.

    >>> law, still = Attraction(rate=0.5, noise=0), np.zeros((1, 2))
    >>> law.moved(np.array([[1.0, 0]]), np.array([[0, 2.0]]), np.ones(1), still).round(3).tolist()
    [[0.0, 1.0]]
    """

    kind: Literal["attraction"] = "attraction"
    rate: float = Field(default=0.002, ge=0, le=0.5)
    """Step ε toward the item played, of a play that pleased completely."""
    noise: float = Field(default=0.005, ge=0, le=1)
    """Standard deviation σ of each dimension's random step, per play."""

    def moved(self, taste: Floats, trait: Floats, reward: Floats, noise: Floats) -> Floats:
        """Tastes after an item was played."""
        length = np.linalg.norm(taste, axis=1, keepdims=True)
        there = trait * (length / np.maximum(np.linalg.norm(trait, axis=1, keepdims=True), 1e-9))
        moved = (1 - self.rate) * taste + self.rate * reward[:, None] * (there - taste) + self.noise * noise
        moved *= length / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        kept: Floats = moved.astype(taste.dtype, copy=False)
        return kept
