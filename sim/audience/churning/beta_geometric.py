"""Churn without a contract, by the beta-geometric law."""

from typing import Literal

from pydantic import Field
from scipy.special import betaincinv

from sim.audience.churn import Churn, Floats

__all__ = ["BetaGeometric"]


class BetaGeometric(Churn):
    """After each session a viewer drops out for good with a probability of their own, drawn from a Beta law.

    The dropout of the BG/NBD model (Fader, Hardie and Lee 2005, "Counting your customers the easy way"), whose defaults
    are its fit to the CDNOW customers. Nobody is told: there is no record, viewers just do not come any more. With
    ``returning`` exponential (``weibull_gaps`` with k = 1) and ``activity: gamma`` it is the whole BG/NBD model.

    >>> churn = BetaGeometric(a=1, b=3)
    >>> import numpy as np
    >>> churn.last_session(np.array([0.0, 0.875])).round(6).tolist()
    [0.0, 0.5]
    """

    kind: Literal["beta_geometric"] = "beta_geometric"
    a: float = Field(default=0.793, gt=0, le=1000)
    """First shape of the Beta law, a: the larger, the more drop out."""
    b: float = Field(default=2.426, gt=0, le=1000)
    """Second shape of the Beta law, b."""

    @property
    def dropping(self) -> bool:
        """Viewers drop out without a word."""
        return True

    def last_session(self, trait: Floats) -> Floats:
        """Probability that a session is a viewer's last, without a word."""
        probability: Floats = betaincinv(self.a, self.b, trait)
        return probability
