"""Inverse propensity scores of whole slates."""

from typing import Literal

from sim.evaluation.estimate import Estimate, mean_of
from sim.evaluation.estimator import Estimator
from sim.evaluation.evidence import Evidence

__all__ = ["SlateIPS"]


class SlateIPS(Estimator):
    """Inverse propensity scores of whole slates, the weight being the product over ranks (McInerney et al. 2020).

    Assumes nothing about how viewers choose, but that both policies fill ranks independently of each other, as
    ``popularity`` does; others draw ranks together, and then it is biased. Its weights multiply, so that it is of use
    for short slates and policies that are alike. The interval is Student's over viewers.

    >>> import numpy as np
    >>> pair = np.array([[1.0, 0.0], [0.0, 0.0]])
    >>> SlateIPS().estimate(Evidence(np.arange(2), pair, np.full((2, 2), 0.5), np.full((2, 2), 0.25))).value
    0.125
    """

    kind: Literal["slate_ips"] = "slate_ips"

    def estimate(self, evidence: Evidence) -> Estimate:
        """Mean over slates of their reward, weighted by the whole slate's probability."""
        scores = evidence.weights().prod(axis=1) * evidence.reward.sum(axis=1)
        return mean_of(scores, evidence.viewer, self.confidence)
