"""How subscribers stay, cancel and come back, from records of cancelling and subscribing again.

In a service whose stock of subscribers is in balance, tenures at cancellation are distributed as lifetimes are: that is
why a few months tell of survival over years.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.calibration.chronicle import Chronicle
from sim.calibration.statistic import Statistic, share

__all__ = ["MonthlyChurn", "Returned", "SubscriptionSurvival", "TenureChurn"]

_MONTH = 365.25 / 12


def _tenures(chronicle: Chronicle) -> NDArray[np.float64]:
    # Whole days were counted: on average half a day more has passed.
    return chronicle.of("cancelled")["tenure_days"] + 0.5


class MonthlyChurn(Statistic):
    """Cancellations a month for each member at the beginning; net of those who subscribe again."""

    kind: Literal["monthly_churn"] = "monthly_churn"

    @property
    def kinds(self) -> frozenset[str]:
        """None: counts are enough."""
        return frozenset()

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``gross`` and ``net``."""
        lost, back = chronicle.counts.get("cancelled", 0), chronicle.counts.get("resubscribed", 0)
        base = max(chronicle.members, 1) * chronicle.days / _MONTH
        return {"gross": lost / base, "net": (lost - back) / base}


class SubscriptionSurvival(Statistic):
    """Share of first, second, and third or later subscriptions that last a number of months."""

    kind: Literal["subscription_survival"] = "subscription_survival"
    share: ClassVar[bool] = True
    months: float = Field(default=12, gt=0)
    """Months."""

    @property
    def kinds(self) -> frozenset[str]:
        """Cancellations."""
        return frozenset({"cancelled"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """A share for each number of the subscription, 1 to 3."""
        lasted = _tenures(chronicle) >= self.months * _MONTH
        number = np.minimum(chronicle.of("cancelled")["subscription"], 3)
        return {str(n): share(lasted[number == n]) for n in (1, 2, 3)}


class TenureChurn(Statistic):
    """Cancellations a month among members in the first and in the second year of their subscription."""

    kind: Literal["tenure_churn"] = "tenure_churn"

    @property
    def kinds(self) -> frozenset[str]:
        """Cancellations."""
        return frozenset({"cancelled"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """``year1`` and ``year2``."""
        months = _tenures(chronicle) / _MONTH
        found = {}
        for year in (1, 2):
            begin, end = 12 * (year - 1), 12 * year
            exposed = np.clip(months - begin, 0, 12).sum()
            left = ((months >= begin) & (months < end)).sum()
            found[f"year{year}"] = float(left / exposed) if exposed else float("nan")
        return found


class Returned(Statistic):
    """Share of those who cancel that subscribes again within some months."""

    kind: Literal["returned"] = "returned"
    share: ClassVar[bool] = True
    months: tuple[float, ...] = (3, 12)
    """Months."""

    @property
    def kinds(self) -> frozenset[str]:
        """Renewed subscriptions."""
        return frozenset({"resubscribed"})

    def measure(self, chronicle: Chronicle) -> Mapping[str, float]:
        """A share for each number of months, labelled ``3m``."""
        away = chronicle.of("resubscribed")["away_days"] + 0.5
        lost = max(chronicle.counts.get("cancelled", 0), 1)
        return {f"{m:g}m": float((away <= m * _MONTH).sum() / lost) for m in self.months}
