"""The scenarios that ship do what they say: each is played small, and what its first lines promise is measured."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.durations import HOUR, MINUTE
from sim.scenario_file import load
from tests.sim.chronicle import Chronicle


def told(name: str, span: int, viewers: int, **changes: Any) -> Chronicle:
    small = {"audience.viewers": viewers, "audience.block": 512, "tick": "5m"}
    return Chronicle.of(
        load(name, small | {path.replace("__", "."): to for path, to in changes.items()}), span
    )


def minutes(told: Chronicle, kind: str) -> np.ndarray:
    """When records of a kind come, in minutes from the start."""
    at: np.ndarray = told.kind("journeys", kind)["at"].to_numpy()
    return (at - told.start) / MINUTE


def between(minute: np.ndarray, begin: float, end: float) -> np.ndarray:
    inside: np.ndarray = (minute >= begin) & (minute < end)
    return inside


class TestRegionalLaunch:
    @pytest.fixture(scope="class")
    @staticmethod
    def launch() -> Chronicle:
        return told("regional_launch", 125 * MINUTE, 6_000)

    @pytest.fixture(scope="class")
    @staticmethod
    def shown(launch: Chronicle) -> pl.DataFrame:
        seen = launch.kind("journeys", "impression").select("user_id", "item_id")
        region = launch.world.cohort.population.region[seen["user_id"].to_numpy()]
        return seen.with_columns(region=region, minute=minutes(launch, "impression"))

    @pytest.mark.parametrize(
        ("region", "minute", "items"), [("latin_america", 40, 300), ("north_america", 80, 150)]
    )
    def test_what_is_launched_rises_from_nothing_to_more_than_its_number(
        self, launch: Chronicle, shown: pl.DataFrame, region: str, minute: int, items: int
    ) -> None:
        records = launch.kind("catalog", "launched")
        records = records.filter(records["at"] == launch.start + minute * MINUTE)
        assert len(records) == items
        here = shown.filter(pl.col("region") == launch.world.catalog.regions.index(region))
        new = here["item_id"].is_in(records["item_id"].to_list())
        assert not new.filter(here["minute"] < minute).any()
        share = new.filter(here["minute"].is_between(minute + 10, minute + 20)).mean()
        assert share > 1.3 * items / 1500  # type: ignore[operator]
        elsewhere = shown.filter((pl.col("region") == 0) & (pl.col("minute") < 40))
        usual = elsewhere["item_id"].is_in(records["item_id"].to_list()).mean()
        assert share > 1.3 * usual  # type: ignore[operator]

    def test_the_premiere_stands_in_nearly_every_slate_and_brings_its_crowd(
        self, launch: Chronicle, shown: pl.DataFrame
    ) -> None:
        (premiere,) = launch.kind("catalog", "premiered").to_dicts()
        assert (premiere["at"] - launch.start) / MINUTE == 100
        is_it = shown["item_id"] == premiere["item_id"]
        assert not is_it.filter(shown["minute"] < 100).any()
        assert set(shown.filter(is_it & (shown["minute"] < 110))["region"]) == {0, 1, 2}
        assert is_it.filter(shown["minute"].is_between(101, 120)).mean() > 0.5 / 12  # type: ignore[operator]
        began = minutes(launch, "session_start")
        usual, crowd = between(began, 60, 100).sum() / 40, between(began, 100, 125).sum() / 25
        assert 2.5 < crowd / usual < 4.5


class TestTasteShift:
    def test_picks_fall_when_tastes_turn_and_come_back_as_the_recommender_follows(self) -> None:
        shift = told("taste_shift", 110 * MINUTE, 2_000, recommender__panel=1000)
        (record,) = shift.kind("truth", "shift").to_dicts()
        assert (record["dial"], record["at"] - shift.start) == ("taste_turn", 40 * MINUTE)
        shown, picked = minutes(shift, "impression"), minutes(shift, "select")

        def rate(begin: float, end: float) -> float:
            return float(between(picked, begin, end).sum() / between(shown, begin, end).sum() * 8)

        before, after, later = rate(10, 40), rate(40, 47), rate(70, 110)
        assert after < 0.85 * before
        assert later > after + 0.4 * (before - after)


class TestHolidayPeak:
    @pytest.fixture(scope="class")
    @staticmethod
    def days() -> dict[str, Chronicle]:
        usual = told("holiday_peak", 2 * HOUR, 16_000, start="2026-12-17T16:00:00Z")
        return {"usual": usual, "eve": told("holiday_peak", 2 * HOUR, 16_000)}

    def arrivals(self, day: Chronicle, region: str, devices: set[str], begin: float, end: float) -> int:
        began = day.kind("journeys", "session_start")
        audience = day.world.scenario.audience
        codes = [list(audience.devices).index(device) for device in devices]
        there = (began["region"] == list(audience.regions).index(region)) & began["device"].is_in(codes)
        return int((there.to_numpy() & between(minutes(day, "session_start"), begin, end)).sum())

    def test_far_more_come_to_europe_from_six_oclock_and_on_phones_an_hour_before(
        self, days: dict[str, Chronicle]
    ) -> None:
        def lift(region: str, devices: set[str], begin: float, end: float) -> float:
            counts = {name: self.arrivals(day, region, devices, begin, end) for name, day in days.items()}
            return counts["eve"] / counts["usual"]

        assert 2.0 < lift("europe", {"tv", "tablet"}, 60, 90) < 3.5
        assert 1.35 < lift("europe", {"phone"}, 0, 60) < 3.5
        # The season alone, not the holiday: it is noon in America, and five o'clock in Europe.
        assert 0.8 < lift("europe", {"tv", "tablet"}, 0, 60) < 1.25
        assert 0.75 < lift("north_america", {"tv", "tablet"}, 0, 120) < 1.3

    def test_they_watch_longer_from_the_time_that_is_planted(self, days: dict[str, Chronicle]) -> None:
        eve = days["eve"]
        (record,) = eve.kind("truth", "shift").to_dicts()
        assert (record["shift"], record["at"] - eve.start) == ("holiday_watching", HOUR)
        who = ["user_id", "session_id", "item_id"]
        plays, whole = (
            eve.kind("journeys", kind).select(*who, minute=pl.Series(minutes(eve, kind)))
            for kind in ("play", "complete")
        )
        # Both hours have forty minutes in which a play may reach its end.
        ended = (
            plays.join(whole, on=who)
            .filter(pl.col("minute_right") - pl.col("minute") < 40)["minute"]
            .to_numpy()
        )
        begun = plays["minute"].to_numpy()
        share = [between(ended, b, e).sum() / between(begun, b, e).sum() for b, e in ((0, 20), (60, 80))]
        assert share[1] > 1.1 * share[0]

    def test_old_titles_come_back(self, days: dict[str, Chronicle]) -> None:
        back = days["eve"].kind("catalog", "rereleased")
        assert len(back) == 25
        shown = (
            days["eve"].kind("journeys", "impression")["item_id"].is_in(back["item_id"].to_list()).to_numpy()
        )
        minute = minutes(days["eve"], "impression")
        assert shown[minute > 45].mean() > 2 * shown[minute < 30].mean()


class TestOutage:
    def test_charts_stand_in_for_an_hour_and_fewer_slates_are_picked_from(self) -> None:
        outage = told("outage", 2 * HOUR, 2_000, recommender__recommender__panel=1000)
        assert outage.world.scenario.recommender.policies == ("item_knn", "fallback.popularity")
        minute, picked = minutes(outage, "impression"), minutes(outage, "select")
        policy = outage.kind("journeys", "impression")["policy"].to_numpy()
        failing = between(minute, 30, 90)
        assert (policy == failing).all()

        def rate(begin: float, end: float) -> float:
            return float(between(picked, begin, end).sum() / between(minute, begin, end).sum() * 8)

        assert rate(31, 90) < 0.85 * min(rate(10, 30), rate(91, 120))
