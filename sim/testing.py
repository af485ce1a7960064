"""Tiny worlds, for this project's tests and for those of its users."""

from typing import Any

from sim.scenario import Scenario

__all__ = ["tiny_scenario"]


def tiny_scenario(**changes: Any) -> Scenario:
    """A scenario of 300 viewers and 200 items that has some of everything; ``changes`` replace its top-level parts."""
    parts: dict[str, Any] = {
        "name": "tiny",
        "seed": 7,
        "tick": "5m",
        "audience": {
            "viewers": 300,
            "block": 64,
            "regions": {
                "north": {"share": 2, "utc_offset": 1, "languages": {"en": 3, "de": 1}},
                "south": {"share": 1, "utc_offset": -5, "languages": {"es": 1}},
            },
            "devices": {"tv": 2, "phone": 1},
            "returning": {"kind": "weibull_gaps", "k": 0.7, "mean": "6h"},
            "talk": {"comment": 0.2, "post": 0.05, "upload": 0.05},
        },
        "catalog": {
            "items": 200,
            "births_per_day": 48,
            "genres": {"drama": 2, "comedy": 1},
            "formats": {"film": {"median": "40m"}},
            "launches": [{"region": "south", "at": "1h", "items": 5}],
        },
        "campaigns": [
            {
                "kind": "copy_paste",
                "name": "vouchers",
                "accounts": 10,
                "start": "10m",
                "every": "30m",
                "operators": [{"kind": "homoglyph", "strength": 0.5}],
            }
        ],
        "shifts": [
            {"kind": "sudden", "name": "short_evening", "dial": "watch_scale", "at": "1h", "factor": 0.5}
        ],
        "media": [
            {
                "topic": "catalog",
                "kinds": ["born"],
                "generator": "key_art",
                "params": {"title": "$title", "genre": "$genre"},
            }
        ],
    }
    return Scenario.model_validate(parts | changes)
