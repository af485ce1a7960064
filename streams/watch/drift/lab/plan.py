"""The plan of the lab: which shift shows in which feature, and what is one standard deviation of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from sim.durations import MINUTE
from sim.names import UnknownNameError
from streams.watch.drift.lab.world import DEVICES, ONSET

__all__ = ["PLANS", "SIZES", "Plan", "plan_named"]

SIZES = (0.25, 0.5, 1.0, 2.0)
"""Sizes of shifts, in standard deviations."""

_LIKES = 0.05
_COUPLED = 0.45
_MOST_MOVED = 0.55


@dataclass(frozen=True)
class Plan:
    """How a sort of shift is planted in the lab: parameters for a size, given the spread of watched times.

    ``spread`` is the standard deviation of a watched time in the reference over its mean.
    """

    shift: str
    feature: str
    meaning: str
    """What a size of one standard deviation is."""
    parameters: Callable[[float, float], dict[str, Any]]

    def planted(self, size: float, spread: float) -> dict[str, Any]:
        """The shift of this size, as a scenario has it."""
        common = {"kind": self.shift, "name": "planted", "at": ONSET, "features": [self.feature]}
        return common | self.parameters(size, spread)


def _watching(size: float, spread: float) -> dict[str, Any]:
    return {"dial": "watch_scale", "factor": 1 + size * spread}


def _covariate(size: float, spread: float) -> dict[str, Any]:
    total = sum(DEVICES.values())
    phone, tv = DEVICES["phone"] / total, DEVICES["tv"] / total
    moved = min(_MOST_MOVED, size / sqrt(1 / phone + 1 / tv))
    weights = {"phone": (phone - moved) / phone, "tv": (tv + moved) / tv}
    return {"attribute": "device", "weights": weights}


def _prior(size: float, spread: float) -> dict[str, Any]:
    share = _LIKES / (1 + _LIKES)
    wanted = share + size * sqrt(share * (1 - share))
    return {"outcome": "reactions", "factor": wanted / (1 - wanted) / _LIKES}


def _records(field: str, *names: str) -> dict[str, Any]:
    return {"records": list(names or ("complete", "abandon", "skip")), "field": field}


_MEAN = "the mean of watched times moves by one standard deviation of a watched time"

PLANS: tuple[Plan, ...] = (
    Plan("sudden", "watching", _MEAN, _watching),
    Plan(
        "gradual",
        "watching",
        f"{_MEAN}, for ever more viewers over two hours",
        lambda size, spread: _watching(size, spread) | {"over": 120 * MINUTE},
    ),
    Plan(
        "incremental",
        "watching",
        f"{_MEAN}, in five steps over two hours",
        lambda size, spread: _watching(size, spread) | {"over": 120 * MINUTE},
    ),
    Plan(
        "recurring",
        "watching",
        f"{_MEAN}, for 30 minutes in each hour",
        lambda size, spread: _watching(size, spread) | {"lasts": 30 * MINUTE, "every": 60 * MINUTE},
    ),
    Plan(
        "seasonal",
        "watching",
        f"at the crest of a wave of four hours, {_MEAN}",
        lambda size, spread: _watching(size, spread) | {"period": 240 * MINUTE},
    ),
    Plan(
        "covariate",
        "device",
        "arrivals move from phones to television sets until their shares are a chi distance of 1 from what they were "
        "(at 2: as far as is possible)",
        _covariate,
    ),
    Plan(
        "prior",
        "outcome",
        "the share of likes among the ends of plays and likes moves by one standard deviation of having liked",
        _prior,
    ),
    Plan(
        "concept",
        "picked",
        "tastes turn by a quarter turn, so that the catalogue suits hardly anybody any more",
        lambda size, spread: {"turn": size},
    ),
    Plan(
        "correlation",
        "watching",
        "watched time and length lose their correlation (of normal scores: 0.45); at 2, it is reversed",
        lambda size, spread: _records("watched_ms") | {"beside": "duration_ms", "rho": _COUPLED * (1 - size)},
    ),
    Plan(
        "new_category",
        "device",
        "a tenth of the viewers come with a device that was never seen",
        lambda size, spread: _records("device", "session_start") | {"word": "headset", "share": 0.1 * size},
    ),
    Plan(
        "missing_values",
        "watching",
        "a tenth of the watched times are missing",
        lambda size, spread: _records("watched_ms") | {"rate": 0.1 * size},
    ),
    Plan(
        "unit_error",
        "watching",
        "watched times of a tenth of the viewers come in seconds",
        lambda size, spread: _records("watched_ms") | {"share": 0.1 * size},
    ),
)


def plan_named(shift: str) -> Plan:
    """The plan of a sort of shift, or an :class:`UnknownNameError` that names the near miss."""
    by_name: Mapping[str, Plan] = {plan.shift: plan for plan in PLANS}
    try:
        return by_name[shift]
    except KeyError:
        raise UnknownNameError("shift of the lab", shift, by_name) from None
