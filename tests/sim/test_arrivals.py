"""When viewers come: the operational clock, and arrivals by the curve."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from sim.audience.arrivals import ArrivalCurve
from sim.durations import DAY, HOUR
from sim.pace import Pace
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

MONDAY = 1_767_571_200_000  # 2026-01-05T00:00Z
CURVES = {
    "default": ArrivalCurve(),
    "flat": ArrivalCurve(daily=(1,) * 24, weekly=(1,) * 7),
    "steep": ArrivalCurve(daily=tuple(1 + hour**2 for hour in range(24)), weekly=(1, 2, 3, 4, 5, 9, 7)),
}


@pytest.fixture(params=CURVES)
def curve(request: pytest.FixtureRequest) -> ArrivalCurve:
    return CURVES[request.param]


def test_the_clock_turned_back_is_the_time(curve: ArrivalCurve) -> None:
    clock, rng = curve.operational_time(), np.random.default_rng(1)
    local = rng.integers(-30 * DAY, 30_000 * DAY, 20_000)
    assert np.abs(clock.to_local(clock.from_local(local)) - local).max() <= 1
    assert (np.diff(clock.from_local(np.sort(local))) >= 0).all()


def test_a_week_is_as_long_on_both_clocks(curve: ArrivalCurve) -> None:
    clock = curve.operational_time()
    passed = np.diff(clock.from_local(MONDAY + np.array([0, 7 * DAY])))
    assert passed == pytest.approx(7 * DAY)


def test_the_clock_runs_as_fast_as_the_hour_is_busy(curve: ArrivalCurve) -> None:
    clock = curve.operational_time()
    hours = MONDAY + np.arange(7 * 24) * HOUR
    speed = np.diff(clock.from_local(np.append(hours, hours[-1] + HOUR))) / HOUR
    expected = np.outer(curve.weekly, curve.daily).ravel()
    assert speed == pytest.approx(expected / expected.mean())
    assert clock.intensity(hours + HOUR // 2) == pytest.approx(speed)


def test_an_hour_in_which_nobody_comes_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"0\.0 is not above 0"):
        ArrivalCurve(daily=(0,) + (1,) * 23)


def scenario_of(curve: ArrivalCurve, **audience: Any) -> Any:
    people = tiny_scenario().audience.model_dump()
    one = {"north": {"share": 1, "utc_offset": 0, "languages": {"en": 1}}}
    people |= {"viewers": 1500, "block": 512, "regions": one, "arrivals": curve.model_dump(), "slate": 2}
    people |= {"returning": {"kind": "weibull_gaps", "k": 1, "mean": "5h"}, "activity_spread": 0}
    people |= {
        "depth": {"kind": "inverse_gaussian", "mean": 1, "shape": 1, "most": 1},
        "talk": {"comment": 0},
    }
    catalog = tiny_scenario().catalog.model_dump() | {"launches": [], "births_per_day": 0}
    catalog["formats"] = {"clip": {"median": "30s"}}
    parts = {"audience": people | audience, "catalog": catalog, "campaigns": [], "shifts": [], "media": []}
    return tiny_scenario(**parts)


@pytest.fixture(scope="module")
def steady() -> Chronicle:
    """Two days of short sessions by a curve that is steep within the day and even over the week."""
    curve = ArrivalCurve(
        daily=(1, 1, 1, 1, 1, 2, 3, 5, 5, 5, 4, 4, 5, 5, 5, 6, 7, 9, 11, 13, 12, 9, 5, 2), weekly=(1,) * 7
    )
    return Chronicle.of(scenario_of(curve), 2 * DAY)


def test_arrivals_follow_the_curve(steady: Chronicle) -> None:
    # With exponential gaps on the operational clock and short sessions, this is a Poisson process.
    starts = steady.kind("journeys", "session_start")["at"].to_numpy()
    counts = np.bincount((starts - steady.start) // HOUR % 24, minlength=24)
    expected = np.array(steady.world.scenario.audience.arrivals.daily)
    # Sessions last a minute, which takes a little from the busiest hours: allow for it beside the chance.
    distance = np.abs(counts / counts.sum() - expected / expected.sum())
    allowed = 4 * np.sqrt(expected / expected.sum() / counts.sum()) + 0.03 * expected / expected.sum()
    assert (distance < allowed).all()
    clock = steady.world.scenario.audience.arrivals.operational_time()
    passed = clock.from_local(starts) - clock.from_local(np.array([steady.start]))
    assert stats.kstest(passed / (2 * DAY), "uniform").statistic < 0.02


def test_the_curve_is_shifted_by_the_clock_of_the_region() -> None:
    curve = ArrivalCurve(daily=(1,) * 12 + (9,) * 12, weekly=(1,) * 7)
    east = {"east": {"share": 1, "utc_offset": 6, "languages": {"en": 1}}}
    told = Chronicle.of(scenario_of(curve, regions=east, viewers=300), DAY)
    starts = told.kind("journeys", "session_start")["at"].to_numpy()
    local_hour = (starts + 6 * HOUR) // HOUR % 24
    busy = np.count_nonzero(local_hour >= 12) / len(starts)
    assert busy == pytest.approx(0.9, abs=0.03)


def test_the_first_hour_is_as_busy_as_any_other() -> None:
    flat = scenario_of(CURVES["flat"], depth={"kind": "inverse_gaussian", "mean": 6, "shape": 6})
    told = Chronicle.of(flat, 20 * HOUR)
    for kind in ("session_start", "impression", "play", "session_end"):
        hour = (told.kind("journeys", kind)["at"].to_numpy() - told.start) // HOUR
        counts = np.bincount(hour)
        later = counts[4:]
        assert counts[0] == pytest.approx(later.mean(), rel=0.04, abs=4 * later.std()), kind


@pytest.mark.parametrize("part", ["play", "session_end", "impression", "complete", "comment", "label"])
def test_the_pilot_expects_what_days_bring(part: str, days: Chronicle) -> None:
    expected = days.world.pace.expected
    assert expected is not None
    each = {kind.name: count for kind, count in expected.per_session.items()}
    told = sum(len(batch) for tick in days.ticks for batch in tick.batches if batch.kind.name == part)
    meant = expected.sessions_per_second() * each[part] * len(days.ticks) * days.world.pace.span / 1000
    # Beside a bias, allow for chance in the pilot, which sees one session of each viewer.
    assert told == pytest.approx(meant, rel=0.06 + 4 / (each[part] * expected.viewers) ** 0.5)


@pytest.fixture(scope="module")
def days() -> Chronicle:
    """Three days of an audience that is the same on every one of them."""
    curve = ArrivalCurve(weekly=(1,) * 7)
    depth, returning = {"kind": "inverse_gaussian"}, {"kind": "weibull_gaps", "k": 0.7, "mean": "16h"}
    given = {"viewers": 1000, "slate": 6, "activity_spread": 0.7, "depth": depth, "returning": returning}
    talk = {"comment": 0.2, "post": 0.1, "upload": 0.1}
    return Chronicle.of(scenario_of(curve, **given, choice={"kind": "multinomial_logit"}, talk=talk), 3 * DAY)


def test_a_rate_that_is_asked_for_is_what_the_pilot_gives_back() -> None:
    scenario = tiny_scenario()
    for rate in (0.01, 0.3, 2.0):
        pace = Pace.of(scenario, rate)
        assert pace.expected is not None
        assert pace.expected.events_per_second(pace.arrivals) == pytest.approx(rate)
    with pytest.raises(ValueError, match=r"is more than 300 viewers can cause; give at least [\d,]+ viewers"):
        Pace.of(scenario, 10_000.0)


def test_an_audience_at_a_rate_keeps_it() -> None:
    flat = scenario_of(CURVES["flat"], viewers=600)
    told = Chronicle.of(flat, DAY, pace=lambda scenario: Pace.of(scenario, 1.5))
    assert sum(map(len, told.ticks[6:])) / (DAY / 1000) == pytest.approx(1.5, rel=0.07)
