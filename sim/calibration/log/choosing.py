"""Choosing: the search for how strongly quality and taste decide what is picked, by whole simulations."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.calibration.fitting import Bounds, Fit, fitted
from sim.calibration.log.log import Log
from sim.calibration.log.playing import Playing
from sim.calibration.log.spectrum import spectrum

__all__ = ["choosing_of"]

_TOP = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
_NEAR_SHARE, _NEAR_SPECTRUM, _NEAR_STARS = 0.02, 0.08, 0.1
_BOUNDS: Bounds = {"quality": (0.0, 3.0), "taste": (0.0, 4.0), "temperature": (0.3, 5.0)}


def choosing_of(log: Log, playing: Playing, *, budget: int) -> Fit:
    """The strengths under which popularity is as unequal, and who meets what as ordered, as in a log."""
    wanted = _profile(log)

    def distances(parameters: Mapping[str, float]) -> NDArray[np.float64]:
        made = playing.log(parameters)
        return (_profile(made) - wanted) / 3 if made.users > 20 else np.full(len(wanted), 10.0)

    begin = {"quality": 0.7, "taste": 1.0, "temperature": 1.5}
    bounds = _BOUNDS
    if "rating" in log.extra:
        bounds, begin = {**bounds, "mean": (-2.0, 2.0)}, {**begin, "mean": 0.0}
    return fitted(distances, bounds, begin=begin, budget=budget)


def _profile(log: Log) -> NDArray[np.float64]:
    ordered = np.sort(log.popularity)[::-1]
    passed = np.concatenate([[0], np.cumsum(ordered)]) / len(log)
    shares = np.interp(np.array(_TOP) * len(ordered), np.arange(len(passed)), passed)
    stars = [log.extra["rating"].mean() / _NEAR_STARS] if "rating" in log.extra else []
    return np.concatenate([shares / _NEAR_SHARE, np.log(spectrum(log)) / _NEAR_SPECTRUM, stars])
