"""Tiny worlds, for this project's tests and for those of its users."""

from typing import Any

from sim.scenario import Scenario

__all__ = ["busy_scenario", "tiny_scenario"]


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


def busy_scenario(**changes: Any) -> Scenario:
    """The tiny scenario with every behaviour of viewers on, and often enough to be seen in a day."""
    parts = tiny_scenario().model_dump(mode="json")
    parts["audience"] |= {
        "depth": {"kind": "power_law", "exponent": 0.7, "most": 30},
        "leaving": {"kind": "logistic_hazard", "base": -2},
        "choice": {"kind": "cascade", "threshold": 3, "persistence": 0.9},
        "watching": {"kind": "weibull", "k": 1.28, "scale": 0.91, "loops": 8},
        "watching_of": {"film": {"kind": "exponential_pareto"}},
        "hurry": {"phone": 1.3},
        "memory": 6,
        "repeating": {"kind": "recency_kernel", "share": 0.3},
        "satiation": {"kind": "fading_count"},
        "drifting": {"kind": "attraction", "rate": 0.05},
        "rating": {"kind": "ordered_probit", "shares": [1, 1, 2, 2, 4, 4, 6, 6, 4, 4]},
        "experience": {"kind": "startup_and_stalls", "stalled": 0.2, "lost": 0.05, "devices": {"phone": 3}},
        "searching": {"share": 0.3},
        "interruptions": {"pause": 0.3, "seek": 0.3},
    }
    parts["audience"]["reactions"] |= {"rate": 0.2, "list_add": 0.1, "share": 0.1, "follow": 0.1}
    parts["catalog"]["formats"] = {"film": {"median": "40m"}, "clip": {"median": "30s", "spread": 0.6}}
    turn = {"kind": "sudden", "name": "fashion", "dial": "taste_turn", "at": "2h", "factor": 1.5}
    parts["shifts"].append(turn)
    return Scenario.model_validate(parts | {"name": "busy"} | changes)
