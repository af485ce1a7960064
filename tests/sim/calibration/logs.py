"""Logs with a known truth: made by the simulator itself, from parameters that a fit should find again."""

from typing import Any

from sim.calibration.chronicle import simulated
from sim.calibration.log.log import Log
from sim.calibration.log.observed import Rules, observed
from sim.durations import DAY
from sim.scenario import Scenario

SPAN = 30 * DAY
TRUTH: dict[str, Any] = {
    "name": "truth",
    "seed": 11,
    "audience": {
        "viewers": 500,
        "slate": 8,
        "regions": {"here": {"share": 1, "utc_offset": 0, "languages": {"en": 1}}},
        "devices": {"any": 1},
        "activity_spread": 0.8,
        "taste": 1.5,
        "arrivals": {"daily": [1] * 8 + [4] * 8 + [10] * 8, "weekly": [1, 1, 1, 1, 1, 3, 3]},
        "depth": {"kind": "inverse_gaussian", "mean": 4, "shape": 4},
        "choice": {"kind": "multinomial_logit", "position_bias": 0, "outside": -50},
        "returning": {"kind": "weibull_gaps", "k": 0.7, "mean": "3d"},
        "pauses": {"think": "5s", "between": "20s"},
        "watching": {"kind": "weibull", "k": 1.2, "scale": 0.8, "pull": 0},
        "reactions": {"rate": 0},
        "talk": {"comment": 0, "post": 0},
    },
    "catalog": {
        "items": 300,
        "births_per_day": 0,
        "evergreen": 1,
        "quality_spread": 1.0,
        "genres": {"a": 1, "b": 1, "c": 1},
        "formats": {"clip": {"median": "60s", "spread": 0.2}},
    },
}


def known_log(seed: int = 11) -> Log:
    """A month of plays with watch times."""
    kinds = ("skip", "abandon", "complete")
    world = Scenario.model_validate({**TRUTH, "seed": seed})
    chronicle = simulated(world, span=SPAN, tick=10 * DAY, kinds=kinds)
    return observed(chronicle, Rules("ended", 1, False, 1000, SPAN))
