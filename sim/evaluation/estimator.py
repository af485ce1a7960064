"""An off-policy estimator: the value of a policy from slates that another one showed."""

from abc import abstractmethod

from pydantic import Field

from sim.evaluation.estimate import Estimate
from sim.evaluation.evidence import Evidence
from sim.plugin import Family, Plugin

__all__ = ["ESTIMATORS", "Estimator"]


class Estimator(Plugin):
    """A way to estimate the mean reward of a slate under a policy; its fields are its parameters."""

    confidence: float = Field(default=0.95, gt=0, lt=1)
    """Probability with which the interval should hold the true value."""

    @abstractmethod
    def estimate(self, evidence: Evidence) -> Estimate:
        """Mean reward of a slate under the policy to be judged."""


ESTIMATORS = Family("estimator", Estimator, "sim.evaluation.estimators")
