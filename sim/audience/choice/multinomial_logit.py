"""Slate choice by a multinomial logit with position bias."""

from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.audience.behaviour import Choice, Floats

__all__ = ["MultinomialLogit"]


class MultinomialLogit(Choice):
    """P(i) = γ(rank of i)·exp(u_i) / (exp(u_0) + Σ γ(rank of j)·exp(u_j)), with γ(k) = k^−η (McFadden 1974).

    >>> choice = MultinomialLogit(outside=-20)
    >>> choice.pick(np.array([[0.0, 30.0]], dtype=np.float32), np.array([0.5]))
    array([1])
    """

    kind: Literal["multinomial_logit"] = "multinomial_logit"
    position_bias: float = Field(default=0.8, ge=0, le=3)
    """Exponent η: 0 looks at every rank alike."""
    outside: float = Field(default=3.0, ge=-50, le=50)
    """Utility u_0 of picking nothing."""

    @cached_property
    def _examination(self) -> NDArray[np.float32]:
        return (np.arange(1, 101, dtype=np.float32) ** -self.position_bias).astype(np.float32)

    def pick(self, utility: NDArray[np.float32], uniform: Floats) -> NDArray[np.int64]:
        """Index of the item picked in each slate, or -1."""
        weight: NDArray[Any] = np.exp(np.minimum(utility, np.float32(60)))
        weight *= self._examination[: utility.shape[1]]
        np.cumsum(weight, axis=1, out=weight)
        threshold = (uniform * (weight[:, -1] + np.exp(self.outside))).astype(np.float32)
        picked: NDArray[np.int64] = (weight <= threshold[:, None]).sum(axis=1)
        return np.where(picked == utility.shape[1], -1, picked)
