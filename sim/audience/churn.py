"""Churn: how long viewers stay with the service, and whether they come back to it."""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sim.plugin import Family, OneOf, Plugin

__all__ = ["CHURNS", "MONTH_DAYS", "AnyChurn", "Churn"]

MONTH_DAYS = 365.25 / 12
"""Days of a month, in which published rates of churn are counted."""

Floats = NDArray[np.floating[Any]]


class Churn(Plugin):
    """How long viewers stay with the service, and whether they come back to it. By itself, everyone stays.

    Days are counted from the beginning of a subscription, or from its end; ``spell`` counts a viewer's subscriptions
    from 1; ``trait`` is a uniform number that a viewer has for life. Rates are hazards a day.
    """

    @property
    def contractual(self) -> bool:
        """True if viewers say that they leave: there are records of it."""
        return False

    @property
    def dropping(self) -> bool:
        """True if viewers drop out without a word."""
        return False

    def cancelling(self, days: NDArray[Any], spell: NDArray[Any]) -> Floats:
        """Rate at which viewers cancel after so many days of their subscription."""
        return np.zeros(np.broadcast(days, spell).shape)

    def returners(self, trait: Floats) -> NDArray[np.bool_]:
        """Who, of those who cancel, will subscribe again."""
        return np.zeros(len(trait), dtype=np.bool_)

    def resubscribing(self, days: NDArray[Any]) -> Floats:
        """Rate at which those who will subscribe again do so, after so many days away."""
        return np.zeros(len(days))

    def last_session(self, trait: Floats) -> Floats:
        """Probability that a session is a viewer's last, without a word."""
        return np.zeros(len(trait))


CHURNS = Family("churn", Churn, "sim.audience.churning")
AnyChurn = Annotated[Churn, OneOf(CHURNS)]
