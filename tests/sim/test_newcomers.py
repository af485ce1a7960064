"""Newcomers: exact numbers, from where and when the scenario says, unknown until they come."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sim.durations import DAY, HOUR
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

FIRST = 300
STREAMS = [
    {"per_day": 150, "over": "2d"},
    {"number": 250, "region": "south", "at": "6h", "over": "12h", "trend": "fading"},
]


def scenario(**audience: Any) -> Any:
    people = tiny_scenario().audience.model_dump() | {"slate": 2, "newcomers": STREAMS}
    people["arrivals"] = {"daily": (1,) * 24, "weekly": (1,) * 7}
    catalog = tiny_scenario().catalog.model_dump() | {"formats": {"clip": {"median": "3m"}}}
    return tiny_scenario(audience=people | audience, catalog=catalog, shifts=[], media=[])


@pytest.fixture(scope="module")
def told() -> Chronicle:
    return Chronicle.of(scenario(), DAY)


def joined(told: Chronicle) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    registered = told.kind("audience", "registered").sort("user_id")
    new = registered.filter(registered["user_id"] >= FIRST)
    return (
        new["user_id"].to_numpy(),
        (new["at"].to_numpy() - told.start) / HOUR,
        new["region"].to_numpy(),
    )


def test_they_come_when_and_from_where_they_are_meant_to(told: Chronicle) -> None:
    who, hour, region = joined(told)
    steady, wave = who < FIRST + 300, who >= FIRST + 300
    # Two days of 150 each: the first day sees half of them, evenly.
    assert steady.sum() == pytest.approx(150, abs=4 * 75**0.5)
    assert np.percentile(hour[steady], [25, 50, 75]) == pytest.approx([6, 12, 18], abs=3)
    assert wave.sum() == 250
    assert hour[wave].min() >= 6
    assert hour[wave].max() < 18.1
    early = np.mean(hour[wave] < 9)
    assert early == pytest.approx((1 - np.exp(-3 / 4)) / (1 - np.exp(-3)), abs=0.1)
    assert (region[wave] == 1).all()
    assert set(region[steady]) == {0, 1}


def test_nobody_knows_them_before(told: Chronicle) -> None:
    registered = told.kind("audience", "registered")
    new = registered.filter(registered["user_id"] >= FIRST)
    assert (new["tenure_days"] == 0).all()
    assert (registered.filter(registered["user_id"] < FIRST)["tenure_days"] > 0).all()
    first = told.stream("journeys", "user_id").group_by("user_id").agg(began=pl.col("at").min())
    both = new.join(first, on="user_id", how="left")
    # They join by opening the service.
    assert (both["began"] == both["at"]).all()


def test_they_come_back_like_others(told: Chronicle) -> None:
    starts = told.kind("journeys", "session_start")
    again = starts.filter((starts["user_id"] >= FIRST) & (starts["session_id"] > 0))
    assert len(again) > 100


def test_their_ids_are_counted_by_blocks_of_their_own(told: Chronicle) -> None:
    registered = told.kind("audience", "registered")
    assert (registered["source"] == registered["user_id"] // 64).all()
    assert (registered["source"] < told.world.catalogue_source).all()


def test_the_pilot_counts_those_who_are_there_at_the_beginning() -> None:
    with_them, without = (
        Chronicle.of(scenario(newcomers=streams), HOUR).world.pace.expected for streams in (STREAMS, [])
    )
    assert with_them is not None
    assert without is not None
    assert with_them.sessions_per_second() == pytest.approx(without.sessions_per_second(), rel=1e-9)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([{"number": 5, "region": "sout"}], "Did you mean 'south'"),
        ([{"region": "south"}], "a number or a number per_day"),
        ([{"number": 99_999_999}], "99,999,999 is the most"),
    ],
)
def test_what_cannot_be_is_refused(wrong: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        scenario(newcomers=wrong, block=100_000)
