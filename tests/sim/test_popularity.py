"""Slates: the probability that is logged is the probability with which an item is shown."""

import numpy as np
import pytest
from scipy import stats

from sim.catalog.catalog import Catalog
from sim.catalog.settings import CatalogSettings
from sim.durations import DAY
from sim.recommenders.popularity import StratifiedPopularity
from sim.recommenders.recommender import SlateRequests
from sim.seeds import Draws

START = 1_767_571_200_000
REGIONS = ("north", "south")
N = 60_000


def catalog(items: int, **changes: object) -> Catalog:
    given = {"items": items, "genres": {"drama": 1}, "formats": {"film": {}}, **changes}
    return Catalog(CatalogSettings.model_validate(given), 3, start=START, regions=REGIONS, dimensions=8)


def policy(items: int, size: int, temperature: float = 1.0, **changes: object) -> StratifiedPopularity:
    opened = StratifiedPopularity(catalog(items, **changes), regions=2, size=size, temperature=temperature)
    opened.refresh(START)
    return opened


def requests(size: int, count: int = N, region: int = 0) -> SlateRequests:
    viewer = np.arange(count)
    bits = Draws(1, "slate").bits(viewer, 0, 0)
    return SlateRequests(
        viewer,
        np.full(count, region, dtype=np.uint8),
        np.full(count, START),
        bits,
        size,
        np.empty((count, 0), np.int32),
    )


@pytest.mark.parametrize(("items", "size"), [(5, 5), (6, 5), (40, 16), (300, 7), (5_000, 64)])
@pytest.mark.parametrize("temperature", [0.2, 1.0, 5.0])
def test_propensities_of_a_rank_sum_to_one(items: int, size: int, temperature: float) -> None:
    opened = policy(items, size, temperature)
    for region in range(2):
        for rank in range(size):
            shown, first = np.unique(opened._items[region, rank], return_index=True)
            assert opened._propensity[region, rank][first].sum() == pytest.approx(1.0, abs=1e-6)
            assert (opened._propensity[region, rank] > 0).all()
            assert len(shown) <= items


@pytest.mark.parametrize(("items", "size"), [(8, 3), (40, 5), (120, 20)])
def test_items_are_shown_as_often_as_their_propensity_says(items: int, size: int) -> None:
    slates = policy(items, size).answer(requests(size))
    for rank in range(size):
        shown, first, counts = np.unique(slates.items[:, rank], return_index=True, return_counts=True)
        logged = slates.propensity[first, rank].astype(float)
        if len(shown) > 1:
            assert stats.chisquare(counts, N * logged / logged.sum()).pvalue > 1e-5, rank
        assert logged.sum() == pytest.approx(1, abs=0.01)


def test_an_item_has_one_propensity_at_a_rank() -> None:
    slates = policy(60, 6).answer(requests(6, 5_000))
    for rank in range(6):
        pairs = np.unique(np.stack([slates.items[:, rank], slates.propensity[:, rank]]), axis=1)
        assert len(np.unique(pairs[0])) == pairs.shape[1]


@pytest.mark.parametrize(("items", "size"), [(5, 5), (7, 5), (64, 64), (500, 16)])
def test_a_slate_holds_no_item_twice(items: int, size: int) -> None:
    slates = policy(items, size).answer(requests(size, 5_000))
    ordered = np.sort(slates.items, axis=1)
    assert (ordered[:, 1:] != ordered[:, :-1]).all()


def test_ranks_are_drawn_independently_of_each_other_and_of_the_choice() -> None:
    size = 64
    asked = requests(size)
    slates = policy(2_000, size).answer(asked)
    # The last rank of each word of bits has the word's leading ones, as uniform numbers do.
    ranks = [rank for rank in range(3, size, 4) if len(np.unique(slates.items[:, rank])) > 5]
    assert len(ranks) > 10
    columns = [np.unique(slates.items[:, rank], return_inverse=True)[1] % 6 for rank in ranks]
    columns += [(Draws.uniform_from(asked.bits, purpose) * 6).astype(int) for purpose in range(1, 17)]
    for place, first in enumerate(columns):
        for second in columns[:place]:
            counts = np.histogram2d(first, second, bins=6)[0]
            assert stats.chi2_contingency(counts).pvalue > 1e-7


def test_only_what_a_region_has_is_shown_there() -> None:
    launch = [{"region": "south", "at": "2h", "items": 30}]
    opened = policy(100, 5, launches=launch)
    held_back = np.flatnonzero(opened.catalog.available_from[:, 1] > START)
    assert len(held_back) == 30
    assert not np.isin(opened.answer(requests(5, region=1)).items, held_back).any()
    assert np.isin(opened.answer(requests(5, region=0)).items, held_back).any()
    opened.refresh(START + DAY)
    assert np.isin(opened.answer(requests(5, region=1)).items, held_back).any()


def test_popular_items_stand_in_front_and_temperature_spreads() -> None:
    mean_rank = {t: policy(400, 8, t).answer(requests(8, 4_000)) for t in (0.3, 3.0)}
    variety = {t: len(np.unique(slates.items)) for t, slates in mean_rank.items()}
    assert variety[3.0] > 1.5 * variety[0.3]
    opened = policy(400, 8)
    weight = opened.catalog.popularity(np.arange(400), START)
    shown = weight[opened.answer(requests(8, 4_000)).items].mean(axis=0)
    assert (np.diff(shown) < 0).all()


def test_too_few_items_are_told() -> None:
    with pytest.raises(ValueError, match="4 items available in a region cannot fill a slate of 5"):
        policy(4, 5)
