"""Timing: the search for how often viewers come, by visits alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.audience.churning.beta_geometric import BetaGeometric
from sim.audience.depth.tabulated import TabulatedDepth
from sim.audience.returning.tabulated import TabulatedGaps
from sim.calibration.fitting import Bounds, Fit, fitted
from sim.calibration.log.blueprint import DEFAULTS, depth_table, dropout, gap_table
from sim.calibration.log.log import Log
from sim.calibration.log.sketch import Sketch
from sim.calibration.log.visits import VisitModel, Visits, counted, visits_of

__all__ = ["Timing", "timing_of"]

_VIEWERS = 4000
_AT = np.linspace(0.05, 0.95, 10)
# How far quantiles of each statistic may be apart to count as near: all are logarithms.
_SCALES = {"activity": 0.1, "activity_of_row": 0.1, "sessions": 0.15, "sessions_of_row": 0.15, "days": 0.3}
_SCALES |= {"gap": 0.3, "depth": 0.15}
_NEAR_SHARE = 0.02
_LOST = 30.0
_BEGINS = (
    {"spread": 1.0, "shape": 0.5, "absent": 0.3, "branching": 0.2, "dropout": 0.05, "newcomers": 0.2},
    {"spread": 0.7, "shape": 0.6, "absent": 0.15, "branching": 0.05, "dropout": 0.4, "newcomers": 0.9},
    {"spread": 1.7, "shape": 0.8, "absent": 0.05, "branching": 0.05, "dropout": 0.1, "newcomers": 0.5},
)


@dataclass(frozen=True)
class Timing:
    """The parameters found, what remains between model and log, and which part of the viewers such a log would show."""

    parameters: dict[str, float]
    loss: float
    visible: float


def timing_of(log: Log, sketch: Sketch, *, seed: int, budget: int = 900) -> Timing:
    """The timing under which visits are as in a log; ``budget`` is the number of simulations of visits."""
    wanted = _quantiles(visits_of(log))

    def distances(parameters: Mapping[str, float]) -> NDArray[np.float64]:
        visits = _drawn(sketch, parameters, seed)
        found = _quantiles(visits) if len(np.unique(visits.user)) > len(_AT) else np.full(len(wanted), np.nan)
        return np.nan_to_num(found - wanted, nan=_LOST) / 3

    fits = [
        fitted(distances, _bounds(sketch), begin=_begin(log, sketch, begin), budget=budget // len(_BEGINS))
        for begin in _BEGINS
    ]
    best: Fit = min(fits, key=lambda fit: fit.loss)
    shown = len(np.unique(_drawn(sketch, best.parameters, seed).user))
    return Timing(best.parameters, best.loss, max(shown, 1) / _VIEWERS)


def _bounds(sketch: Sketch) -> Bounds:
    span = sketch.span / 86_400_000
    step = max(sketch.session_gap_ms / 86_400_000, 1e-3)
    return {
        "spread": (0.0, 2.5),
        "shape": (0.25, 3.0),
        "mean_days": (step, 2 * span),
        "absent": (0.0, 0.95),
        "newcomers": (0.0, 1.0),
        "dropout": (0.001, 0.95),
        "dropout_sum": (0.2, 50.0),
        "branching": (0.0, 0.85),
        "first_tail": (0.8, 1.25),
        "later_tail": (0.8, 1.25),
    }


def _begin(log: Log, sketch: Sketch, begin: Mapping[str, float]) -> dict[str, float]:
    gaps = log.gap_s[log.session_opens & ~log.opens]
    days = float(np.mean(gaps)) / 86_400 if len(gaps) else sketch.span / 86_400_000
    return {**DEFAULTS, "mean_days": 1.5 * days, **begin}


def _drawn(sketch: Sketch, parameters: Mapping[str, float], seed: int) -> Visits:
    turned = {**DEFAULTS, **parameters}
    model = VisitModel(
        TabulatedGaps(**gap_table(sketch, turned)),
        TabulatedDepth(**_depth(sketch.depth, turned["later_tail"])),
        TabulatedDepth(**_depth(sketch.first_depth, turned["first_tail"])),
        turned["spread"],
        turned["branching"],
        sketch.session_gap_ms,
        sketch.step_ms,
        BetaGeometric(**dropout(turned)),
        turned["newcomers"],
        sketch.rules.joined_within,
    )
    drawn = model.drawn(_VIEWERS, sketch.span, seed=seed)
    rules = sketch.rules
    return counted(
        drawn,
        least=rules.least,
        joined_within=rules.joined_within,
        session_gap=sketch.session_gap_ms,
        resolution=rules.resolution,
        within_ms=sketch.step_ms,
    )


def _depth(depth: NDArray[np.int64], tail: float) -> dict[str, tuple[float, ...]]:
    return {name: tuple(column) for name, column in depth_table(depth, tail).items()}


def _quantiles(visits: Visits) -> NDArray[np.float64]:
    found = visits.statistics()
    parts = [
        np.quantile(found[name], _AT) / scale if len(found[name]) else np.full(len(_AT), np.nan)
        for name, scale in _SCALES.items()
    ]
    shares = [(found["sessions"] == 0).mean(), (found["days"] < np.log1p(0.5)).mean()]
    return np.concatenate([*parts, np.array(shares) / _NEAR_SHARE])
