"""Fitting: the search for parameters under which a scenario holds its targets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, minimize

__all__ = ["Bounds", "Distances", "Fit", "fitted"]

Bounds = Mapping[str, tuple[float, float]]
Distances = Callable[[Mapping[str, float]], Sequence[float] | NDArray[np.float64]]
# Part of a parameter's range by which it is moved to see what it does: far enough to stand out of the chance that
# common random numbers leave.
_STEP = 0.04
_WIDE = 20.0
_FIRST_SIMPLEX = 0.08


class _SpentError(Exception):
    """The budget of simulations is used up."""


@dataclass(frozen=True)
class Fit:
    """The best parameters found, their loss (squared distances in tolerances, damped and summed), and the cost."""

    parameters: dict[str, float]
    loss: float
    simulations: int


@dataclass
class _Search:
    distances: Distances
    bounds: Bounds
    budget: int
    used: int = 0
    best: tuple[float, dict[str, float]] = (np.inf, {})
    known: dict[tuple[float, ...], NDArray[np.float64]] = field(default_factory=dict)

    def named(self, place: NDArray[np.float64]) -> dict[str, float]:
        return {
            path: _at(bounds, float(x)) for (path, bounds), x in zip(self.bounds.items(), place, strict=True)
        }

    def residuals(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.clip(place, 1, 2)
        key = tuple(place.round(9).tolist())
        if key not in self.known:
            if self.used >= self.budget:
                raise _SpentError
            self.used += 1
            parameters = self.named(place)
            # Ten tolerances away is as wrong as a hundred: no single number may draw all attention.
            self.known[key] = 3 * np.tanh(np.asarray(self.distances(parameters), dtype=np.float64) / 3)
            loss = float((self.known[key] ** 2).sum())
            if loss < self.best[0]:
                self.best = (loss, parameters)
        return self.known[key]

    def loss(self, place: NDArray[np.float64]) -> float:
        return float((self.residuals(place) ** 2).sum())


def fitted(
    distances: Distances,
    bounds: Bounds,
    *,
    begin: Mapping[str, float],
    budget: int = 100,
) -> Fit:
    """Parameters within ``bounds`` for which ``distances`` (in tolerances, one a target) are small.

    Gauss-Newton steps in a trust region (Branch, Coleman and Li 1999), then Nelder and Mead's simplex with what is left
    of the budget. ``distances`` must draw the same random numbers whenever it is called: then what differs is the
    parameters' doing. A parameter whose bounds are positive and far apart is searched by its logarithm.

    >>> fitted(lambda p: [p["a"] - 3, p["b"] - 20], {"a": (0, 10), "b": (1, 100)}, begin={"a": 5, "b": 5}).parameters[
    ...     "a"
    ... ].__round__(2)
    3.0
    """
    search = _Search(distances, bounds, budget)
    place = np.array([_place(bounds[path], begin[path]) for path in bounds])
    try:
        step = np.full(len(place), _STEP)
        least_squares(search.residuals, place, bounds=(1, 2), diff_step=step, xtol=1e-3, ftol=1e-3)
        # Slopes over a step are secants; the simplex needs none.
        best = np.array([_place(bounds[path], search.best[1][path]) for path in bounds])
        corners = np.vstack(
            [best, *(best + _FIRST_SIMPLEX * (1 - 2 * (best > 1.5)) * row for row in np.eye(len(best)))]
        )
        options: Any = {"initial_simplex": corners, "maxfev": budget, "xatol": 1e-3, "fatol": 1e-3}
        minimize(search.loss, best, method="Nelder-Mead", options=options)
    except _SpentError:
        pass
    loss, parameters = search.best
    return Fit(parameters, loss, search.used)


def _logarithmic(bounds: tuple[float, float]) -> bool:
    return bounds[0] > 0 and bounds[1] / bounds[0] >= _WIDE


def _at(bounds: tuple[float, float], place: float) -> float:
    low, high = bounds
    part = min(max(place - 1, 0.0), 1.0)
    return exp(log(low) + part * log(high / low)) if _logarithmic(bounds) else low + part * (high - low)


def _place(bounds: tuple[float, float], value: float) -> float:
    low, high = bounds
    value = min(max(value, low), high)
    # From 1 to 2, not from 0 to 1: finite differences are taken in parts of the place.
    part = log(value / low) / log(high / low) if _logarithmic(bounds) else (value - low) / (high - low)
    return 1 + min(max(part, 1e-3), 1 - 1e-3)
