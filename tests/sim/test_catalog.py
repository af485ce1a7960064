"""The catalogue: a long tail, births, launches, and what of it can be seen."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.catalog.catalog import Catalog
from sim.catalog.settings import CatalogSettings
from sim.catalog.titles import title
from sim.durations import DAY, HOUR
from sim.scenario_file import load, shipped
from sim.seeds import digest64, rng_for
from tests.sim.chronicle import Chronicle

START = 1_767_571_200_000


def gini(weight: np.ndarray) -> float:
    ordered = np.sort(weight)
    rank = np.arange(1, len(ordered) + 1)
    return float((2 * rank - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


def catalog(**changes: object) -> Catalog:
    given = {
        "items": 4_000,
        "genres": {"a": 3, "b": 1},
        "formats": {"film": {"median": "40m", "spread": 0.5}},
        **changes,
    }
    return Catalog(CatalogSettings.model_validate(given), 5, start=START, regions=("x",), dimensions=8)


@pytest.mark.parametrize("name", shipped())
def test_popularity_has_a_long_tail(name: str) -> None:
    settings = load(name).catalog
    made = Catalog(settings, 1, start=START, regions=list(load(name).audience.regions), dimensions=8)
    _, weight = made.available(0, START)
    assert 0.35 < gini(weight) < 0.95
    top = np.sort(weight)[::-1]
    assert 0.25 < top[: len(top) // 10].sum() / top.sum() < 0.97


def test_genres_and_lengths_have_the_shares_and_the_spread_that_are_set() -> None:
    made = catalog()
    assert (made.genre == 0).mean() == pytest.approx(0.75, abs=0.03)
    logs = np.log(made.duration_ms / (40 * 60_000))
    assert stats.kstest(logs, stats.norm(scale=0.5).cdf).pvalue > 1e-3


def test_no_item_is_longer_than_a_day_or_shorter_than_a_second() -> None:
    made = catalog(formats={"long": {"median": "1d", "spread": 2}, "short": {"median": "1s", "spread": 2}})
    assert made.duration_ms.max() == DAY
    assert made.duration_ms.min() == 1_000


def test_novelty_halves_every_half_life() -> None:
    made = catalog(evergreen=0, half_life="1d")
    items = np.arange(len(made))
    later, now = made.popularity(items, START + DAY), made.popularity(items, START)
    assert later == pytest.approx(now / 2)
    kept = catalog(evergreen=1, half_life="1d")
    assert kept.popularity(items, START + 100 * DAY) == pytest.approx(kept.popularity(items, START))


def test_what_was_there_stays_when_items_are_added() -> None:
    made = catalog()
    before = {
        name: getattr(made, name).copy() for name in ("born_at", "genre", "duration_ms", "trait", "quality")
    }
    assert made.add(np.array([START + 1, START + 2]), rng=rng_for(1, "more")).tolist() == [4_000, 4_001]
    for name, column in before.items():
        assert (getattr(made, name)[:4_000] == column).all()


def test_everything_is_listed_once(day: Chronicle) -> None:
    listed = day.kind("catalog", "listed")
    assert sorted(listed["item_id"]) == list(range(day.world.scenario.catalog.items))
    assert set(listed["at"]) == {day.start}


def test_births_come_at_their_rate(day: Chronicle) -> None:
    born = day.kind("catalog", "born")
    items = day.world.scenario.catalog.items
    assert born["item_id"].to_list() == list(range(items, items + len(born)))
    assert stats.poisson(48).cdf(len(born)) == pytest.approx(0.5, abs=0.4999)
    gaps = np.diff(born["at"].to_numpy(), prepend=day.start)
    assert stats.kstest(gaps / (DAY / 48), "expon").pvalue > 1e-3


def test_a_launch_opens_a_region_at_its_time(day: Chronicle) -> None:
    launched = day.kind("catalog", "launched")
    assert set(launched["at"]) == {day.start + HOUR}
    assert len(launched) == 5
    assert all(regions == ["north", "south"] for regions in launched["regions"])
    listed = day.kind("catalog", "listed").select("item_id", "regions").iter_rows()
    assert {item for item, regions in listed if regions == ["north"]} == set(launched["item_id"])


def test_nothing_is_shown_before_its_launch_or_birth(day: Chronicle) -> None:
    known, regions = day.world.catalog, day.world.cohort.population.region
    shown = day.kind("journeys", "impression").select("at", "user_id", "item_id").to_numpy()
    at, viewer, item = shown.T
    assert (known.available_from[item, regions[viewer]] <= at).all()
    launched = day.kind("catalog", "launched")["item_id"].to_numpy()
    in_south = regions[viewer] == 1
    assert np.isin(item[in_south], launched).any()
    assert np.isin(item[~in_south & (at < day.start + HOUR)], launched).any()
    assert (item >= day.world.scenario.catalog.items).any()


def test_an_item_is_the_same_in_every_record(day: Chronicle) -> None:
    fields = ["item_id", "genre", "language", "duration_ms", "creator_id"]
    records = pl.concat([day.kind("catalog", name).select(fields) for name in ("listed", "born", "launched")])
    assert records.unique().select("item_id").is_duplicated().any() is False
    lengths = day.kind("journeys", "play").select("item_id", "duration_ms").unique()
    both = lengths.join(records.unique(), on="item_id", suffix="_listed")
    assert len(both) == len(lengths)
    assert (both["duration_ms"] == both["duration_ms_listed"]).all()


def test_titles_are_varied_and_of_two_to_four_words() -> None:
    titles = [title(digest64(1, "title", item)) for item in range(3_000)]
    assert len(set(titles)) > 2_000
    assert all(2 <= len(words.split()) <= 4 for words in titles)
