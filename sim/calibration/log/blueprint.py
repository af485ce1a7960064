"""The blueprint: a scenario written from a sketch and the parameters that a search may turn."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import gamma
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.log.sketch import Sketch, table
from sim.durations import DAY, SECOND

__all__ = ["DEFAULTS", "blueprint", "depth_table", "dropout", "gap_table"]

_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
_SLATE, _MEMORY, _MOST_SLATES, _GENRES = 24, 1000, 999, 12
_PASSED = np.concatenate([[0.001, 0.005, 0.01], np.arange(0.025, 0.976, 0.025), [0.99, 0.995, 0.999]])
# Parameters that are not in every search keep these values.
DEFAULTS: Mapping[str, float] = {
    "spread": 1.0,
    "shape": 0.6,
    "mean_days": 10.0,
    "absent": 0.3,
    "branching": 0.1,
    "newcomers": 0.5,
    "dropout": 0.1,
    "dropout_sum": 1.5,
    "first_tail": 1.0,
    "later_tail": 1.0,
    "taste": 1.0,
    "quality": 1.0,
    "temperature": 1.0,
    "mean": 0.0,
}


def blueprint(
    sketch: Sketch, parameters: Mapping[str, float], *, viewers: int, name: str, seed: int
) -> dict[str, Any]:
    """The scenario's tree, as a YAML file holds it; parameters that are missing have their defaults."""
    turned = {**DEFAULTS, **parameters}
    start = _MONDAY + timedelta(milliseconds=sketch.week_offset)
    return {
        "name": name,
        "about": f"Fitted to a log of {sketch.users:,} users and {sketch.items:,} items.",
        "seed": seed,
        "start": start.isoformat(),
        "audience": {**_people(sketch, turned, viewers), **_visits(sketch, turned), **_plays(sketch, turned)},
        "recommender": {"kind": "popularity", "temperature": turned["temperature"]},
        "catalog": _catalog(sketch, turned),
    }


def _people(sketch: Sketch, turned: Mapping[str, float], viewers: int) -> dict[str, Any]:
    new = round(viewers * turned["newcomers"])
    return {
        "viewers": max(1, viewers - new),
        "newcomers": [{"number": new, "over": sketch.rules.joined_within}] if new else [],
        "regions": {"everywhere": {"share": 1, "utc_offset": 0, "languages": {"en": 1}}},
        "devices": {"any": 1},
        "activity_spread": turned["spread"],
        "arrivals": {"daily": _relative(sketch.daily), "weekly": _relative(sketch.weekly)},
    }


def _visits(sketch: Sketch, turned: Mapping[str, float]) -> dict[str, Any]:
    return {
        "excitation": {"branching": turned["branching"], "delay": sketch.session_gap_ms},
        "first_depth": {"kind": "tabulated", **depth_table(sketch.first_depth, turned["first_tail"])},
        "depth": {"kind": "tabulated", **depth_table(sketch.depth, turned["later_tail"])},
        "returning": {"kind": "tabulated", **gap_table(sketch, turned)},
        "churn": {"kind": "beta_geometric", **dropout(turned)},
    }


def _plays(sketch: Sketch, turned: Mapping[str, float]) -> dict[str, Any]:
    quiet = dict.fromkeys(("like", "dislike", "share", "list_add", "follow"), 0)
    return {
        "slate": max(1, min(_SLATE, sketch.items // 3)),
        "taste": turned["taste"],
        "once": sketch.rules.once,
        "memory": _MEMORY if sketch.rules.once else 4,
        "choice": {"kind": "multinomial_logit", "position_bias": 0, "outside": -50},
        "pauses": {"think": 1, "startup": 1, "between": max(1, round(sketch.pause_ms))},
        "watching": {"kind": "tabulated", "pull": 0, "loops": sketch.loops, **sketch.watching},
        "rating": _rating(sketch, turned),
        "reactions": {**quiet, "rate": float(sketch.rules.source == "rate")},
        "interruptions": {"pause": 0, "seek": 0},
        "searching": {"share": 0},
        "talk": {"comment": 0, "post": 0},
    }


def _rating(sketch: Sketch, turned: Mapping[str, float]) -> dict[str, Any]:
    # Affinity has the standard deviation that taste gives it; the law's weight is for one of 1.
    weight = sketch.rating.get("taste", 0.0) / max(turned["taste"], 0.3)
    return {**sketch.rating, "taste": float(f"{weight:.4f}"), "mean": turned["mean"]}


def _catalog(sketch: Sketch, turned: Mapping[str, float]) -> dict[str, Any]:
    return {
        "items": max(sketch.items, 2),
        "births_per_day": 0,
        "evergreen": 1,
        "quality_spread": turned["quality"],
        "genres": {f"genre_{k + 1}": round(0.85**k, 4) for k in range(_GENRES)},
        "formats": {"item": {"median": sketch.length_ms, "spread": sketch.length_spread}},
    }


def _relative(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{v / values.max():.4f}") for v in values]


def depth_table(depth: NDArray[Any], tail: float) -> dict[str, list[float]]:
    """Depths as observed, the tail above the median stretched by an exponent."""
    made = table(depth)
    middle = max(float(np.median(depth)), 1.0)
    deep = np.asarray(made["quantiles"])
    stretched = np.where(deep > middle, middle * (deep / middle) ** tail, deep)
    slates = np.maximum.accumulate(np.clip(stretched, 1, _MOST_SLATES))
    return {"at": made["at"], "quantiles": [float(f"{s:.4g}") for s in slates]}


def dropout(turned: Mapping[str, float]) -> dict[str, float]:
    """Shapes of the Beta law of dropping out after a session, from its mean and the sum of the shapes."""
    total, mean = turned["dropout_sum"], turned["dropout"]
    return {"a": max(mean * total, 1e-4), "b": max((1 - mean) * total, 1e-4)}


def gap_table(sketch: Sketch, turned: Mapping[str, float]) -> dict[str, Any]:
    """Weibull gaps for those who come back, and absences of more than the span for the rest."""
    shape, absent = turned["shape"], turned["absent"]
    days = turned["mean_days"] / gamma(1 + 1 / shape) * (-np.log1p(-_PASSED)) ** (1 / shape)
    away = max(1.5 * sketch.span / DAY, float(days[-1]))
    at = [0.0, *(_PASSED / _PASSED[-1] * (1 - absent) * 0.9999), 1 - absent, 1.0]
    if absent == 0:
        at = at[:-1]
    quantiles = [float(days[0]) / 10, *days, away, away][: len(at)]
    grid = np.exp(np.interp((np.arange(8192) + 0.5) / 8192, at, np.log(quantiles)))
    return {
        "at": [float(f"{p:.6f}") for p in at],
        "quantiles": [float(f"{q:.5g}") for q in quantiles],
        "mean": max(SECOND, round(float(grid.mean()) * DAY)),
    }
