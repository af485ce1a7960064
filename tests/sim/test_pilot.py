"""The pilot: what it expects of an audience with every behaviour on is what a day brings, from the first hour on."""

import numpy as np
import pytest

from sim.audience.arrivals import ArrivalCurve
from sim.durations import DAY, HOUR
from sim.testing import busy_scenario
from tests.sim.chronicle import Chronicle


@pytest.fixture(scope="module")
def day() -> Chronicle:
    parts = busy_scenario().audience.model_dump(mode="json")
    flat = ArrivalCurve(daily=(1,) * 24, weekly=(1,) * 7).model_dump(mode="json")
    parts |= {"viewers": 900, "block": 512, "arrivals": flat, "activity_spread": 0.3, "slate": 6}
    parts |= {"returning": {"kind": "weibull_gaps", "k": 1, "mean": "8h"}}
    parts |= {"drifting": {"kind": "attraction"}, "depth": {"kind": "power_law", "exponent": 0.3, "most": 20}}
    catalog = busy_scenario().catalog.model_dump(mode="json") | {"births_per_day": 0, "launches": []}
    catalog["formats"] = {"episode": {"median": "5m"}, "clip": {"median": "30s", "spread": 0.6}}
    parts["watching_of"] = {
        "episode": {"kind": "exponential_pareto", "head": "1m", "split": "2m", "longest": "9m"}
    }
    quiet = {"campaigns": [], "shifts": [], "media": [], "tick": "10m"}
    return Chronicle.of(busy_scenario(audience=parts, catalog=catalog, **quiet), DAY)


@pytest.mark.parametrize(
    "kind", ["session_end", "impression", "play", "search", "pause", "stall", "complete", "rate", "follow"]
)
def test_a_day_brings_what_the_pilot_expects(day: Chronicle, kind: str) -> None:
    expected = day.world.pace.expected
    assert expected is not None
    each = {kind.name: count for kind, count in expected.per_session.items()}[kind]
    told = len(day.kind("journeys", kind))
    meant = expected.sessions_per_second() * each * DAY / 1000
    # Chance in the day, and in the pilot, which sees one session of each viewer.
    chance = told**-0.5 + (each * 900) ** -0.5
    assert told == pytest.approx(meant, rel=0.03 + 3 * chance)


@pytest.mark.parametrize("kind", ["session_start", "impression", "select", "play", "stall", "session_end"])
def test_the_first_hour_is_like_any_other(day: Chronicle, kind: str) -> None:
    hour = (day.kind("journeys", kind)["at"].to_numpy() - day.start) // HOUR
    counts = np.bincount(hour)
    later = counts[3:]
    assert counts[0] == pytest.approx(later.mean(), rel=0.03, abs=4 * later.std())
