"""What moves arrivals beside the week: seasons, holidays, devices, regions, dials, crowds, and sessions themselves."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sim.audience.arrivals import ArrivalCurve
from sim.audience.crowds import Crowds
from sim.audience.excitation import Excitation
from sim.durations import DAY, HOUR, MINUTE
from sim.pace import Pace
from sim.seeds import Draws
from sim.testing import tiny_scenario
from sim.world import World
from tests.sim.chronicle import Chronicle, ticks_of

FLAT = {"daily": (1,) * 24, "weekly": (1,) * 7}
WINTER = {"monthly": (3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3)}


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_seasons_pass_evenly_between_the_middles_of_months() -> None:
    clock = ArrivalCurve(**FLAT, **WINTER).operational_time(at("2026-03-01"))
    mean = np.mean(WINTER["monthly"])
    days = np.array(
        [at(day) for day in ("2026-01-16", "2026-02-15", "2026-06-16", "2026-12-16", "2026-01-01")]
    )
    assert clock.intensity(days) * mean == pytest.approx([3, 2, 1, 3, 3], abs=0.05)
    year = clock.from_local(np.array([at("2026-01-01"), at("2027-01-01")]))
    assert np.diff(year) == pytest.approx(365 * DAY, rel=2e-3)


def test_a_holiday_comes_every_year_by_the_hour() -> None:
    eve = {"on": "12-31", "at": "18h", "lasts": "9h", "factor": 0.25}
    clock = ArrivalCurve(**FLAT, holidays={"new_year": eve}).operational_time(at("2026-06-01"))
    for year in (2026, 2027, 2028):
        hours = at(f"{year}-12-31") + np.arange(16, 30) * HOUR
        assert clock.intensity(hours).tolist() == [1, 1] + [0.25] * 9 + [1] * 3


@pytest.mark.parametrize("curve", [{}, WINTER, {"holidays": {"x": {"on": "02-01", "factor": 5}}}])
def test_calendars_turn_back(curve: dict[str, Any]) -> None:
    clock, rng = ArrivalCurve(**curve).operational_time(at("2026-03-01")), np.random.default_rng(2)
    local = rng.integers(at("1999-01-01"), at("2090-01-01"), 5_000)
    assert np.abs(clock.to_local(clock.from_local(local)) - local).max() <= 1


def scenario(**audience: Any) -> Any:
    people = tiny_scenario().audience.model_dump() | {"viewers": 3000, "block": 512, "slate": 2}
    people |= {"activity_spread": 0, "arrivals": FLAT, "talk": {"comment": 0, "post": 0, "upload": 0}}
    people |= {"depth": {"kind": "inverse_gaussian", "mean": 1, "shape": 1, "most": 1}}
    people |= {"returning": {"kind": "weibull_gaps", "k": 1, "mean": "5h"}}
    catalog = tiny_scenario().catalog.model_dump() | {"launches": [], "births_per_day": 0}
    catalog["formats"] = {"clip": {"median": "30s"}}
    parts: dict[str, Any] = {"catalog": catalog, "campaigns": [], "media": [], "shifts": []}
    parts |= {"shifts": audience.pop("shifts", [])}
    return tiny_scenario(audience=people | audience, **parts)


def hourly(told: Chronicle, **where: int) -> np.ndarray:
    starts = told.kind("journeys", "session_start").filter(**where)
    return np.bincount((starts["at"].to_numpy() - told.start) // HOUR)


def test_devices_and_regions_have_curves_of_their_own() -> None:
    evening = [1] * 12 + [9] * 12
    arrivals = {"daily": evening, "weekly": (1,) * 7, "devices": {"phone": {"earlier": 3}}}
    arrivals["regions"] = {"south": {"daily": (1,) * 24}}
    told = Chronicle.of(scenario(arrivals=arrivals), DAY)
    north_tv, north_phone = (hourly(told, region=0, device=code)[2:22] for code in (0, 1))
    # The north is an hour ahead of UTC: its evening begins at 11, and three hours before that on phones.
    assert np.argmax(np.diff(north_tv)) + 3 == 11
    assert np.argmax(np.diff(north_phone)) + 3 == 8
    south = hourly(told, region=1, device=0)
    assert south[2:22].max() < 1.8 * south[2:22].min()


def test_a_dial_acts_at_once_on_those_who_are_away() -> None:
    rush = {"kind": "sudden", "name": "rush", "dial": "arrivals", "at": "3h", "factor": 3.0}
    counts = hourly(Chronicle.of(scenario(shifts=[rush]), 7 * HOUR))
    assert counts[3] == pytest.approx(3 * counts[:3].mean(), rel=0.12)
    assert counts[4:].mean() == pytest.approx(3 * counts[:3].mean(), rel=0.12)


def test_a_crowd_comes_to_its_region_for_its_time() -> None:
    chosen = scenario()
    world = World(chosen, pace=Pace.of(chosen))
    start = int(world.env.now)
    world.cohort.crowds.gather(start + 2 * HOUR, HOUR, 4.0, ["south"])
    told = Chronicle(world, ticks_of(world, 5 * HOUR))
    south, north = hourly(told, region=1), hourly(told, region=0)
    usual = np.mean([south[0], south[1], south[3], south[4]])
    assert south[2] == pytest.approx(4 * usual, rel=0.15)
    assert usual == pytest.approx(south[4], rel=0.25)
    assert north[2] == pytest.approx(north[[0, 1, 3, 4]].mean(), rel=0.15)


def test_a_crowd_that_cannot_be_is_refused() -> None:
    crowds = Crowds(["north"])
    with pytest.raises(ValueError, match="Did you mean 'north'"):
        crowds.gather(0, 5, 2.0, ["nort"])
    with pytest.raises(ValueError, match="must be above 0"):
        crowds.gather(0, 0, 2.0)


def test_sessions_bring_sessions_in_geometric_clusters() -> None:
    settings = Excitation(branching=0.3, delay="10m")
    bits = Draws(7, "test").bits(np.arange(200_000))
    delays = settings.delays(bits)
    brought = np.isfinite(delays)
    assert brought.mean() == pytest.approx(0.3, abs=0.005)
    assert delays[brought].mean() == pytest.approx(10 * MINUTE, rel=0.02)
    ends = np.flatnonzero(~brought)
    assert np.diff(ends, prepend=-1).mean() == pytest.approx(1 / 0.7, rel=0.02)


def test_excitation_adds_sessions_and_makes_them_cluster() -> None:
    quiet, excited = (
        Chronicle.of(scenario(excitation={"branching": branching, "delay": "10m"}), 12 * HOUR)
        for branching in (0.0, 0.3)
    )
    sessions = [len(told.kind("journeys", "session_start")) for told in (quiet, excited)]
    expected = [told.world.pace.expected for told in (quiet, excited)]
    rates = [each.sessions_per_second() for each in expected if each is not None]
    # μ/(1−n) but for the time that delays and sessions take.
    assert rates[1] / rates[0] == pytest.approx(1 / 0.7, rel=0.03)
    assert sessions[1] / sessions[0] == pytest.approx(rates[1] / rates[0], rel=0.05)
    soon = []
    for told in (quiet, excited):
        starts = told.kind("journeys", "session_start").sort("user_id", "at")
        gap = starts.select(pl.col("at").diff().over("user_id"))["at"].drop_nulls().to_numpy()
        soon.append(np.mean(gap < 20 * MINUTE))
    assert soon[1] > 3 * soon[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"devices": {"phne": {"earlier": 1}}}, "Did you mean 'phone'"),
        ({"regions": {"nort": {"earlier": 1}}}, "Did you mean 'north'"),
        ({"monthly": (1,) * 11}, "at least 12 items"),
        ({"monthly": (0, *(1,) * 11)}, "nobody would ever come"),
        ({"holidays": {"x": {"on": "13-01", "factor": 2}}}, "should match pattern"),
    ],
)
def test_a_curve_that_cannot_be_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        scenario(arrivals=wrong)
