"""What happens to items: premieres with their crowd, licences that end, removals and re-releases."""

from typing import Any

import numpy as np
import pytest

from sim.catalog.catalog import Catalog
from sim.catalog.columns import FOREVER
from sim.catalog.plans import Premiere
from sim.catalog.settings import CatalogSettings
from sim.durations import DAY, HOUR, MINUTE
from sim.scenario import Scenario
from sim.seeds import rng_for
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

START = 1_767_571_200_000
PLANS: dict[str, Any] = {
    "items": 300,
    "births_per_day": 24,
    "formats": {"film": {"median": "6m"}},
    "launches": [{"region": "south", "at": "1h", "items": 5}],
    "removals": [
        {"at": "2h", "items": 8, "of": "popular"},
        {"at": "150m", "items": 6, "region": "south"},
        {"at": "4h", "items": 3, "purged_after": "1h"},
    ],
    "rereleases": [{"at": "6h", "items": 4}],
    "premieres": [{"at": "3h", "genre": "comedy", "burst": 200, "crowd": {"factor": 6, "lasts": "40m"}}],
    "licences": {"share": 0.5, "term": "2d", "spread": 0.3},
    "refresh": "30m",
}


def planned(**changes: Any) -> Scenario:
    given = tiny_scenario()
    catalog = given.catalog.model_dump() | PLANS | changes
    audience = given.audience.model_dump() | {"viewers": 2_000, "block": 256, "slate": 5}
    audience["returning"] = {"kind": "weibull_gaps", "k": 0.8, "mean": "3h"}
    audience["arrivals"] = {"daily": [1] * 24, "weekly": [1] * 7}
    audience["talk"] = {"comment": 0, "post": 0, "upload": 0}
    return tiny_scenario(catalog=catalog, audience=audience, campaigns=[], shifts=[], media=[])


@pytest.fixture(scope="module")
def told() -> Chronicle:
    return Chronicle.of(planned(), 8 * HOUR)


def shown(told: Chronicle) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When, in which region, and which item: every impression."""
    at, viewer, item = told.kind("journeys", "impression").select("at", "user_id", "item_id").to_numpy().T
    return at - told.start, told.world.cohort.population.region[viewer], item


def items_of(told: Chronicle, kind: str, row: slice = slice(None)) -> np.ndarray:
    found: np.ndarray = told.kind("catalog", kind)["item_id"].to_numpy()[row]
    return found


def test_nothing_is_shown_where_it_cannot_be_seen_but_until_the_next_refresh(told: Chronicle) -> None:
    at, region, item = shown(told)
    known = told.world.catalog
    refreshed = told.start + at // (30 * MINUTE) * (30 * MINUTE)
    again = set(items_of(told, "rereleased").tolist())
    rows = ~np.isin(item, list(again))
    until = known.available_until[item[rows], region[rows]]
    assert (until > refreshed[rows]).all()
    assert (known.available_from[item[rows], region[rows]] <= told.start + at[rows]).all()
    assert (until <= told.start + at[rows]).any()


def test_the_most_popular_items_are_taken_down_everywhere(told: Chronicle) -> None:
    at, _, item = shown(told)
    removed = told.kind("catalog", "removed")
    first = removed.filter(removed["at"] == told.start + 2 * HOUR)
    assert len(first) == 8
    assert all(regions == [] for regions in first["regions"])
    gone = np.isin(item, first["item_id"].to_numpy())
    before = gone[(at > HOUR) & (at < 2 * HOUR)].mean()
    assert before > 0.1
    assert not gone[(at >= 150 * MINUTE) & (at < 6 * HOUR)].any()


def test_a_removal_in_one_region_leaves_the_others(told: Chronicle) -> None:
    at, region, item = shown(told)
    removed = told.kind("catalog", "removed")
    later = removed.filter(removed["at"] == told.start + 150 * MINUTE)
    assert len(later) == 6
    assert all(regions == ["north"] for regions in later["regions"])
    gone = np.isin(item, later["item_id"].to_numpy()) & (at >= 3 * HOUR)
    assert (region[gone] == 0).all()
    assert gone.any()


def test_a_purge_ends_what_is_known_for_good(told: Chronicle) -> None:
    purged = told.kind("catalog", "purged")
    assert set(purged["at"]) == {told.start + 5 * HOUR}
    removed = told.kind("catalog", "removed")
    assert set(purged["item_id"]) == set(removed.filter(removed["at"] == told.start + 4 * HOUR)["item_id"])
    later = told.stream("catalog", "item_id").filter(
        told.stream("catalog", "item_id")["at"] > told.start + 5 * HOUR
    )
    assert not set(later["item_id"]) & set(purged["item_id"])
    at, _, item = shown(told)
    assert not np.isin(item[at > 5 * HOUR], purged["item_id"].to_numpy()).any()


def test_rights_end_region_by_region_at_the_times_that_were_told(told: Chronicle) -> None:
    expired, listed = told.kind("catalog", "expired"), told.kind("catalog", "listed")
    assert len(expired) > 20
    ends = dict(zip(listed["item_id"], listed["available_until"], strict=True))
    removed = set(items_of(told, "removed").tolist()) | set(items_of(told, "rereleased").tolist())
    seen = 0
    for at, item, regions in expired.select("at", "item_id", "regions").iter_rows():
        if item in ends and item not in removed:
            due = [region for region, end in ends[item].items() if end == at]
            assert due
            assert not set(due) & set(regions)
            seen += 1
    due = [end for item, region in ends.items() if region and item not in removed for end in region.values()]
    assert seen == sum(told.start < end < told.start + 8 * HOUR for end in due)


def test_what_was_gone_comes_back_as_new(told: Chronicle) -> None:
    at, _, item = shown(told)
    back = told.kind("catalog", "rereleased")
    assert set(back["at"]) == {told.start + 6 * HOUR}
    assert all(regions == ["north", "south"] for regions in back["regions"])
    gone = set(items_of(told, "removed").tolist()) | set(items_of(told, "expired").tolist())
    assert set(back["item_id"]) <= gone
    again = np.isin(item, back["item_id"].to_numpy())
    assert again[at > 6 * HOUR + 30 * MINUTE].mean() > 0.02
    assert (told.world.catalog.released_at[back["item_id"].to_numpy()] == told.start + 6 * HOUR).all()


def test_a_premiere_opens_everywhere_and_is_shown_at_once(told: Chronicle) -> None:
    at, region, item = shown(told)
    (premiere,) = told.kind("catalog", "premiered").to_dicts()
    assert premiere["at"] == told.start + 3 * HOUR
    assert premiere["regions"] == ["north", "south"]
    assert told.world.catalog.genres[premiere["genre"]] == "comedy"
    it = item == premiere["item_id"]
    assert not it[at < 3 * HOUR].any()
    just_after = (at >= 3 * HOUR + 5 * MINUTE) & (at < 3 * HOUR + 15 * MINUTE)
    assert set(region[it & just_after].tolist()) == {0, 1}
    # One slate of five in which it stands, or nearly.
    assert it[just_after].mean() > 0.12


def test_the_crowd_comes_for_the_premiere_and_goes(told: Chronicle) -> None:
    began = told.kind("journeys", "session_start")["at"].to_numpy() - told.start

    def per_minute(begin: int, end: int) -> float:
        return float(((began >= begin) & (began < end)).sum() / ((end - begin) / MINUTE))

    usual = per_minute(HOUR, 3 * HOUR)
    crowd = per_minute(3 * HOUR, 3 * HOUR + 40 * MINUTE)
    # Six times as many come as would; those who are watching already cannot come again.
    assert 3.5 * usual < crowd < 6.5 * usual
    assert per_minute(6 * HOUR, 8 * HOUR) < 1.6 * usual


def test_a_premieres_burst_fades() -> None:
    settings = CatalogSettings.model_validate(
        {"items": 50, "genres": {"a": 1}, "formats": {"film": {}}, "evergreen": 1}
    )
    made = Catalog(settings, 5, start=START, regions=("x",), dimensions=8)
    plan = Premiere(at=0, burst=41, fades=HOUR, appeal=0)
    item = made.premiere(plan, START, rng=rng_for(1, "premiere"))
    weight = [float(made.popularity(item, START + after, 0)[0]) for after in (0, HOUR, 2 * HOUR, 30 * DAY)]
    assert weight == pytest.approx([41, 21, 11, 1])
    assert made.hits(1, START).tolist() == item.tolist()


def test_popularity_counts_from_the_release_in_the_region() -> None:
    launches = [{"region": "y", "at": "1h", "items": 20}]
    given = {"items": 50, "genres": {"a": 1}, "formats": {"film": {}}, "evergreen": 0, "launches": launches}
    settings = CatalogSettings.model_validate(given | {"half_life": "1d"})
    made = Catalog(settings, 5, start=START, regions=("x", "y"), dimensions=8)
    late = np.flatnonzero(made.available_from[:, 1] > START)
    now = START + HOUR + 2 * DAY
    quality = np.exp(made.quality[late].astype(float))
    assert made.popularity(late, now, 1) == pytest.approx(quality / 4)
    assert (made.popularity(late, now, 0) < made.popularity(late, now, 1)).all()


def test_licences_of_the_stock_have_been_renewed_and_last_their_term() -> None:
    given = {"items": 5_000, "genres": {"a": 1}, "formats": {"film": {}}}
    settings = CatalogSettings.model_validate(
        given | {"licences": {"share": 0.4, "term": "100d", "spread": 0}}
    )
    made = Catalog(settings, 5, start=START, regions=("x", "y"), dimensions=8)
    licensed = made.available_until < FOREVER
    assert licensed.all(axis=1).mean() == pytest.approx(0.4, abs=0.03)
    left = (made.available_until - START)[licensed]
    assert left.min() > 0
    assert left.max() <= 100 * DAY
    term = made.available_until - made.born_at[:, None]
    assert ((term[licensed] % (100 * DAY)) == 0).all()


def gini(weight: np.ndarray) -> float:
    ordered = np.sort(weight)
    rank = np.arange(1, len(ordered) + 1)
    return float((2 * rank - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


@pytest.mark.parametrize(("quality", "spreads"), [("lognormal", (1.25, 2.8)), ("pareto", (0.8, 1.25))])
def test_popularity_can_be_as_unequal_as_published_catalogues(
    quality: str, spreads: tuple[float, float]
) -> None:
    # Item Gini of MovieLens: 0.629 (100K) to 0.952 (32M). A Pareto tail is so heavy that samples differ: the median.
    for spread, target in zip(spreads, (0.63, 0.95), strict=True):
        given = {"items": 10_000, "genres": {"a": 1}, "formats": {"film": {}}, "evergreen": 1}
        settings = CatalogSettings.model_validate(given | {"quality": quality, "quality_spread": spread})
        made = [Catalog(settings, seed, start=START, regions=("x",), dimensions=8) for seed in range(9)]
        assert np.median([gini(each.available(0, START)[1]) for each in made]) == pytest.approx(
            target, abs=0.03
        )
        assert np.mean([each.quality.mean() for each in made]) == pytest.approx(0, abs=0.05)
        assert np.mean([each.quality.std() for each in made]) == pytest.approx(spread, rel=0.05)


def test_hits_are_the_most_popular_of_a_region_or_of_all() -> None:
    launches = [{"region": "y", "at": "1h", "items": 40}]
    given = {"items": 60, "genres": {"a": 1}, "formats": {"film": {}}, "launches": launches}
    made = Catalog(CatalogSettings.model_validate(given), 5, start=START, regions=("x", "y"), dimensions=8)
    everywhere = made.hits(10, START)
    assert (np.diff(made.popularity(everywhere, START)) <= 0).all()
    assert made.popularity(everywhere, START).min() >= np.sort(made.popularity(np.arange(60), START))[-10]
    there = made.hits(10, START, 1)
    assert made.seen(there, 1, START).all()
    assert not made.seen(everywhere, 1, START).all()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"removals": [{"at": "1h", "region": "sout"}]}, "unknown region 'sout'"),
        ({"premieres": [{"at": "1h", "genre": "drma"}]}, "unknown genre 'drma'"),
        ({"premieres": [{"at": "1h", "format": "flim"}]}, "unknown format 'flim'"),
        ({"languages": {"xx": 1}}, "unknown language of the audience 'xx'"),
        ({"removals": [{"at": "1h", "items": 298}]}, "and removals take 298"),
        ({"removals": [{"at": "1h", "region": "south", "purged_after": "1h"}]}, "gone everywhere"),
        ({"maturity": {"all": -1}}, "one must be above 0"),
    ],
)
def test_plans_that_contradict_the_scenario_are_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        planned(**changes)
