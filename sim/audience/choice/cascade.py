"""Slate choice by a cascade."""

from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import expit

from sim.audience.behaviour import Choice, Floats

__all__ = ["Cascade"]


class Cascade(Choice):
    """Looks at rank after rank and takes the first item that is good enough (Craswell et al. 2008).

    An item that is looked at is taken with probability r = σ(u − u_0), and ends the search; the next rank is looked at
    with probability γ otherwise (1 in the original). So P(k) = r_k·Π_{j<k} γ(1 − r_j).

    >>> choice = Cascade(threshold=0)
    >>> choice.pick(np.array([[0.0, 0.0, 0.0]] * 4, dtype=np.float32), np.array([0.4, 0.7, 0.8, 0.9]))
    array([ 0,  1,  2, -1])
    """

    kind: Literal["cascade"] = "cascade"
    threshold: float = Field(default=4.0, ge=-50, le=50)
    """Utility u_0 of an item that is taken by every second viewer who looks at it."""
    persistence: float = Field(default=1.0, gt=0, le=1)
    """Probability γ of looking at the next rank after an item that is not taken."""

    @cached_property
    def _reach(self) -> NDArray[np.float32]:
        return (self.persistence ** np.arange(100)).astype(np.float32)

    def pick(self, utility: NDArray[np.float32], uniform: Floats) -> NDArray[np.int64]:
        """Index of the item picked in each slate, or -1."""
        size = utility.shape[1]
        taken: NDArray[Any] = expit(utility - np.float32(self.threshold))
        passed = np.cumprod(np.float32(1) - taken, axis=1)
        taken[:, 1:] *= passed[:, :-1]
        taken *= self._reach[:size]
        np.cumsum(taken, axis=1, out=taken)
        picked: NDArray[np.int64] = (taken <= uniform.astype(np.float32)[:, None]).sum(axis=1)
        return np.where(picked == size, -1, picked)
