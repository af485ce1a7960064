"""Comparisons: the lift between the arms of an A/B test, and the preference that interleaving shows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.evaluation.estimate import Estimate, mean_of

__all__ = ["Lift", "Tally", "lift", "preference"]


@dataclass(frozen=True)
class Tally:
    """A metric of one arm, viewer by viewer: what was counted, over how many occasions (picks over slates, say)."""

    counted: NDArray[Any]
    occasions: NDArray[Any]

    @property
    def mean(self) -> float:
        """Counted over occasions."""
        return float(self.counted.sum() / self.occasions.sum())

    @property
    def variance(self) -> float:
        """Variance of the mean: a ratio of sums over independent viewers (delta method; Deng et al. 2018)."""
        viewers = len(self.occasions)
        errors = self.counted - self.mean * self.occasions
        return float((errors**2).sum() * viewers / (viewers - 1) / self.occasions.sum() ** 2)

    def estimate(self, confidence: float = 0.95) -> Estimate:
        """The mean with its normal interval over viewers.

        >>> Tally(np.array([1, 3]), np.array([4, 4])).estimate().value
        0.5
        """
        reach = float(stats.norm.ppf((1 + confidence) / 2) * np.sqrt(self.variance))
        return Estimate(self.mean, self.mean - reach, self.mean + reach, len(self.occasions))


@dataclass(frozen=True)
class Lift:
    """How much more a treatment gives than a control: the difference, and relative to the control."""

    control: float
    treatment: float
    difference: Estimate
    relative: Estimate
    p_value: float


def lift(control: Tally, treatment: Tally, *, confidence: float = 0.95) -> Lift:
    """The lift of a treatment, with normal intervals over viewers; the relative one by Fieller's delta method.

    >>> even, better = Tally(np.array([1, 2, 0, 1]), np.full(4, 4)), Tally(np.array([3, 2, 2, 1]), np.full(4, 4))
    >>> lift(even, better).relative.value
    1.0
    """
    for arm in (control, treatment):
        if len(arm.occasions) < 2 or not arm.occasions.sum():
            raise ValueError("an arm needs at least two viewers and one occasion to be compared")
    viewers = len(control.occasions) + len(treatment.occasions)
    difference = treatment.mean - control.mean
    spread = np.sqrt(control.variance + treatment.variance)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    base = control.mean or float("nan")
    ratio = treatment.mean / base
    relative = float(np.sqrt(treatment.variance + ratio**2 * control.variance) / abs(base))
    return Lift(
        control.mean,
        treatment.mean,
        Estimate(difference, difference - z * spread, difference + z * spread, viewers),
        Estimate(ratio - 1, ratio - 1 - z * relative, ratio - 1 + z * relative, viewers),
        float(2 * stats.norm.sf(abs(difference) / spread)) if spread else 1.0,
    )


def preference(first: NDArray[Any], second: NDArray[Any], *, confidence: float = 0.95) -> Estimate:
    """Share of viewers who prefer the second team, over 1/2: ties count half (Chapelle et al. 2012, Δ_AB).

    ``first`` and ``second`` are each viewer's picks from either team.

    >>> preference(np.array([0, 1, 2]), np.array([2, 1, 4])).value
    0.3333333333333333
    """
    # Counts without a sign would wrap below zero.
    wins = np.sign(np.subtract(second, first, dtype=np.float64)) / 2
    return mean_of(wins, np.arange(len(wins)), confidence)
