"""Inverse propensity scores."""

from typing import Literal

from pydantic import Field

from sim.evaluation.estimate import Estimate, mean_of
from sim.evaluation.estimator import Estimator
from sim.evaluation.evidence import Evidence

__all__ = ["IPS"]


class IPS(Estimator):
    """Inverse propensity scores (Horvitz and Thompson 1952), an item at a rank at a time: Σ w·r, w = π/p.

    Unbiased for slates of one. For longer ones it assumes that what an item earns at a rank does not depend on what
    stands beside it: the item-position model of Li et al. 2018 ("Offline evaluation of ranking policies with click
    models"). Viewers who pick one item of many break that, and the estimate is too high for a policy that is better
    at every rank. The interval is Student's over viewers.

    >>> import numpy as np
    >>> column = np.array([[1.0], [0.0]])
    >>> IPS().estimate(Evidence(np.arange(2), column, np.full((2, 1), 0.5), np.full((2, 1), 0.25))).value
    0.25
    """

    kind: Literal["ips"] = "ips"
    clip: float | None = Field(default=None, gt=0)
    """Largest weight; a smaller one trades variance for bias (Ionides 2008)."""

    def estimate(self, evidence: Evidence) -> Estimate:
        """Mean over slates of the weighted rewards of their ranks."""
        scores = (evidence.weights(self.clip) * evidence.reward).sum(axis=1)
        return mean_of(scores, evidence.viewer, self.confidence)
