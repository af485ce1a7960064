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
        shift = told("taste_shift", 110 * MINUTE, 1_500, recommender__panel=600)
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
        outage = told("outage", 2 * HOUR, 1_500, recommender__recommender__panel=600)
        assert outage.world.scenario.recommender.policies == ("item_knn", "fallback.popularity")
        minute, picked = minutes(outage, "impression"), minutes(outage, "select")
        policy = outage.kind("journeys", "impression")["policy"].to_numpy()
        failing = between(minute, 30, 90)
        assert (policy == failing).all()

        def rate(begin: float, end: float) -> float:
            return float(between(picked, begin, end).sum() / between(minute, begin, end).sum() * 8)

        assert rate(31, 90) < 0.85 * min(rate(10, 30), rate(91, 120))


class TestColdStart:
    @pytest.fixture(scope="class")
    @staticmethod
    def start() -> Chronicle:
        return told("cold_start", 2 * HOUR, 2_400, recommender__panel=1200)

    def test_newcomers_come_in_their_number_and_at_their_time(self, start: Chronicle) -> None:
        known = start.kind("audience", "registered")
        new = known.filter(pl.col("user_id") >= 2_400)
        minute = (new["at"].to_numpy() - start.start) / MINUTE
        assert len(new) == new["user_id"].n_unique() == 2_400
        campaign = new["user_id"].to_numpy() >= 2_400 + 1_500
        assert set(new["region"].to_numpy()[campaign]) == {1}
        assert between(minute[campaign], 40, 80).all()
        assert between(minute[campaign], 40, 60).mean() > 0.65
        assert between(minute[~campaign], 0, 60).mean() == pytest.approx(0.5, abs=0.06)

    def test_newcomers_pick_more_as_they_become_known(self, start: Chronicle) -> None:
        shown = start.kind("journeys", "impression").filter(
            (pl.col("user_id") >= 2_400) & (pl.col("rank") == 1)
        )
        which = ["user_id", "session_id", "slate_id"]
        slates = shown.select(*which, "at").sort("user_id", "at")
        picked = start.kind("journeys", "select").select(*which, picked=1)
        slates = slates.join(picked, on=which, how="left").with_columns(pl.col("picked").fill_null(0))
        slates = slates.with_columns(seen=pl.int_range(pl.len()).over("user_id"), of=pl.len().over("user_id"))
        # Of the same viewers, or those who stay would be compared with those who left.
        loyal = slates.filter(pl.col("of") >= 12)
        assert loyal["user_id"].n_unique() > 500
        at_first = loyal.filter(pl.col("seen") == 0)["picked"].mean()
        later = loyal.filter(pl.col("seen").is_between(6, 11))["picked"].mean()
        assert later > 1.04 * at_first  # type: ignore[operator]

    def test_new_titles_are_shown_from_the_next_refresh_on_and_less_than_old_ones(
        self, start: Chronicle
    ) -> None:
        born = start.kind("catalog", "born").filter(pl.col("at") < start.start + 80 * MINUTE)
        assert len(born) > 10
        shown = start.kind("journeys", "impression").select("at", "item_id")
        first = shown.group_by("item_id").agg(pl.col("at").min().alias("first"))
        both = born.select("item_id", "at").join(first, on="item_id")
        # Ten minutes to the refresh, five to the end of the tick.
        assert len(both) == len(born)
        waited = (both["first"] - both["at"]).to_numpy() / MINUTE
        assert waited.min() > 0
        assert np.median(waited) < 15
        late = shown.filter(pl.col("at") > start.start + 90 * MINUTE)["item_id"]
        new, old = late.is_in(born["item_id"].to_list()).sum() / len(born), (late < 1_000).sum() / 1_000
        assert 0 < new < 0.4 * old


class TestEdgeGroups:
    @pytest.fixture(scope="class")
    @staticmethod
    def edges() -> Chronicle:
        return told("edge_groups", 2 * HOUR, 20_000, audience__block=4_096, recommender__panel=300)

    def members(self, edges: Chronicle, name: str) -> np.ndarray:
        people, words = edges.world.cohort.population, edges.world.scenario.vocabularies()
        where = edges.world.scenario.audience.groups[name].where
        columns = [getattr(people, field) == words[field].index(word) for field, word in where.items()]
        found: np.ndarray = people.viewer[np.logical_and.reduce(columns)]
        return found

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            ("spanish_captions", 120),
            ("described_italian", 40),
            ("older_on_phones", 90),
            ("waltz_circle", 60),
            ("science_club", 80),
        ],
    )
    def test_each_group_is_there_in_exactly_its_number_and_is_served(
        self, edges: Chronicle, name: str, count: int
    ) -> None:
        group = self.members(edges, name).tolist()
        assert len(group) == count
        shown, known = edges.kind("journeys", "impression"), edges.kind("audience", "registered")
        served = shown.filter(pl.col("user_id").is_in(group))
        assert served["user_id"].n_unique() > 0.35 * count
        assert len(served) % 10 == 0
        # What `registered` says of a member is what makes the group.
        told = known.filter(pl.col("user_id").is_in(group))
        words = edges.world.scenario.vocabularies()
        for field, word in edges.world.scenario.audience.groups[name].where.items():
            if field in told.columns:
                assert set(told[field]) == {words[field].index(word)}

    def test_a_taste_that_few_share_is_served_worse(self, edges: Chronicle) -> None:
        shown, picked = edges.kind("journeys", "impression"), edges.kind("journeys", "select")
        people = edges.world.cohort.population
        leaning = edges.world.scenario.vocabularies()["leaning"]

        def rate(word: str) -> float:
            group = people.viewer[people.leaning == leaning.index(word)].tolist()
            return sum(picked["user_id"].is_in(group)) / sum(shown["user_id"].is_in(group))

        assert rate("waltz") < rate("comedy")
