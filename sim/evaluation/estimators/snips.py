"""Self-normalised inverse propensity scores."""

from typing import Literal

import numpy as np

from sim.evaluation.estimate import Estimate, mean_of
from sim.evaluation.estimator import Estimator
from sim.evaluation.evidence import Evidence

__all__ = ["SNIPS"]


class SNIPS(Estimator):
    """Self-normalised inverse propensity scores (Swaminathan and Joachims 2015): Σ w·r / Σ w, rank by rank.

    Consistent where :class:`IPS` is unbiased, mostly with less variance, and never outside the range of rewards. The
    interval is Student's over viewers, of the ratio's influences (delta method). A rank without any weight earns 0.

    >>> import numpy as np
    >>> column = np.array([[1.0], [0.0]])
    >>> SNIPS().estimate(Evidence(np.arange(2), column, np.full((2, 1), 0.5), np.full((2, 1), 0.25))).value
    0.5
    """

    kind: Literal["snips"] = "snips"

    def estimate(self, evidence: Evidence) -> Estimate:
        """Sum over ranks of the weighted mean reward."""
        weights = evidence.weights()
        mass = np.maximum(weights.mean(axis=0), 1e-300)
        by_rank = (weights * evidence.reward).mean(axis=0) / mass
        influence = (weights * (evidence.reward - by_rank) / mass).sum(axis=1)
        return mean_of(influence, evidence.viewer, self.confidence, centre=float(by_rank.sum()))
