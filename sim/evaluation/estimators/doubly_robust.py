"""Doubly robust estimation."""

from typing import Literal

from pydantic import Field

from sim.evaluation.estimate import Estimate, mean_of
from sim.evaluation.estimator import Estimator
from sim.evaluation.evidence import Evidence

__all__ = ["DoublyRobust"]


class DoublyRobust(Estimator):
    """A model's value, corrected by the weighted errors of the model (Dudík, Langford and Li 2011).

    Unbiased if either the propensities or the model are right; the better the model, the narrower the interval, which
    is Student's over viewers. For slates it makes the assumption of :class:`~sim.evaluation.estimators.ips.IPS`.

    >>> import numpy as np
    >>> half, model = np.full((2, 1), 0.5), np.array([[0.9], [0.1]])
    >>> log = Evidence(np.arange(2), np.array([[1.0], [0.0]]), half, half, model, np.array([0.5, 0.5]))
    >>> DoublyRobust().estimate(log).value
    0.5
    """

    kind: Literal["doubly_robust"] = "doubly_robust"
    clip: float | None = Field(default=None, gt=0)
    """Largest weight; a smaller one trades variance for the model's bias."""

    def estimate(self, evidence: Evidence) -> Estimate:
        """Mean over slates of what the model expects of the policy, and of its weighted errors."""
        if evidence.predicted is None or evidence.expected is None:
            raise ValueError(
                "a doubly robust estimate needs a model's predictions; fit sim.evaluation.rewards first"
            )
        errors = evidence.weights(self.clip) * (evidence.reward - evidence.predicted)
        return mean_of(evidence.expected + errors.sum(axis=1), evidence.viewer, self.confidence)
