"""The world of the lab: a small short-video audience whose features stand still unless a shift moves them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.durations import HOUR, MINUTE
from sim.features import DriftWatch, Feature
from sim.scenario import Scenario

__all__ = ["DEVICES", "ONSET", "WATCH", "scenario"]

DEVICES: Mapping[str, float] = {"phone": 60, "tv": 30, "tablet": 10}
_ENDS = ("complete", "abandon", "skip")

WATCH = DriftWatch(
    warm_up=30 * MINUTE,
    reference=2 * HOUR,
    window=15 * MINUTE,
    features=(
        Feature(
            name="watching",
            topic="journeys",
            kinds=_ENDS,
            field="watched_ms",
            beside=("duration_ms",),
            type="numeric",
        ),
        Feature(
            name="device", topic="journeys", kinds=("session_start",), field="device", type="categorical"
        ),
        Feature(name="outcome", topic="journeys", kinds=(*_ENDS, "like"), field="kind", type="categorical"),
        Feature(
            name="picked", topic="journeys", kinds=("impression", "select"), field="kind", type="categorical"
        ),
    ),
)
"""What the lab watches: watched times and lengths, devices of arrivals, how plays end, what is picked."""

ONSET = WATCH.warm_up + WATCH.reference + 6 * WATCH.window
"""When shifts are planted: after the reference and six quiet windows."""


def scenario(seed: int, shifts: Sequence[Mapping[str, Any]] = ()) -> Scenario:
    """The lab's world with some shifts; without daily rhythm, so that nothing else changes.

    Three viewers in four lean towards comedy, and so does the catalogue: it suits them until tastes turn.
    """
    return Scenario.model_validate(
        {
            "name": "drift_lab",
            "seed": seed,
            "start": "2026-03-02T00:00:00Z",
            "tick": "5m",
            "audience": {
                "viewers": 6000,
                "slate": 4,
                "taste": 2.5,
                "memory": 8,
                "regions": {"everywhere": {"share": 1, "utc_offset": 0, "languages": {"en": 1}}},
                "devices": dict(DEVICES),
                "personas": {"leanings": {"open": 1, "comedy": 3}, "leaning_strength": 0.8},
                "arrivals": {"daily": [1] * 24, "weekly": [1] * 7},
                "depth": {"kind": "inverse_gaussian", "mean": 6, "shape": 9, "most": 30},
                "choice": {"kind": "multinomial_logit", "position_bias": 1.0, "outside": 1.5},
                "watching": {"kind": "weibull", "k": 1.28, "scale": 0.91, "pull": 0, "loops": 50},
                "returning": {"kind": "weibull_gaps", "k": 0.7, "mean": "8h"},
                "pauses": {"think": "2s", "startup": "150ms", "between": "1s"},
                "interruptions": {"pause": 0, "seek": 0},
                "reactions": {
                    "like": 0.05,
                    "dislike": 0,
                    "rate": 0,
                    "list_add": 0,
                    "share": 0,
                    "follow": 0,
                    "skip_before": "2s",
                },
                "talk": {"comment": 0, "post": 0, "upload": 0},
            },
            "catalog": {
                "items": 400,
                "births_per_day": 0,
                "genres": {"comedy": 12, "dance": 1, "food": 1},
                "formats": {"clip": {"median": "14s", "spread": 0.5}},
                "refresh": "1h",
            },
            "shifts": list(shifts),
            "drift": WATCH.model_dump(),
        }
    )
