"""Leaving by a logistic hazard."""

from typing import Literal

from pydantic import Field
from scipy.special import expit

from sim.audience.behaviour import Floats, Leaving

__all__ = ["LogisticHazard"]


class LogisticHazard(Leaving):
    """Leaves after a slate with probability h: logit h = b0 − b1·utility + b2·boredom + b3·stalls.

    A discrete-time survival model (Singer and Willett 1993) with time-varying covariates: sessions last while slates
    are worth looking at. The depth that the session was given stays its upper limit.

    >>> import numpy as np
    >>> hazard = LogisticHazard(base=0, utility=1, boredom=0, stalls=0)
    >>> hazard.hazard(np.array([0.0, 30.0]), np.zeros(2), np.zeros(2)).round(3).tolist()
    [0.5, 0.0]
    """

    kind: Literal["logistic_hazard"] = "logistic_hazard"
    base: float = Field(default=-2.5, ge=-20, le=20)
    """Logit b0 of leaving after a slate that gave nothing."""
    utility: float = Field(default=0.4, ge=0, le=20)
    """How much a unit of recent utility holds back, b1."""
    boredom: float = Field(default=1.0, ge=0, le=20)
    """How much complete boredom drives away, b2."""
    stalls: float = Field(default=0.6, ge=0, le=20)
    """How much each stall of the session drives away, b3."""

    def hazard(self, utility: Floats, boredom: Floats, stalls: Floats) -> Floats:
        """Probability of leaving after a slate."""
        logit = self.base - self.utility * utility + self.boredom * boredom + self.stalls * stalls
        hazard: Floats = expit(logit)
        return hazard
