"""Every recommender: logged propensities are true, slates hold no item twice, regions hold what they may."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.catalog.catalog import Catalog
from sim.catalog.settings import CatalogSettings
from sim.durations import DAY, HOUR
from sim.recommenders.recommender import RECOMMENDERS, Policy, SlateRequests, Slates
from sim.seeds import Draws
from tests.conformance.plugins import PluginSuite, kinds

START, SIZE, ITEMS, N = 1_767_571_200_000, 6, 90, 30_000


def catalog() -> Catalog:
    given = {"items": ITEMS, "genres": {"drama": 1}, "formats": {"film": {}}}
    settings = CatalogSettings.model_validate(
        given | {"launches": [{"region": "south", "at": "2h", "items": 40}]}
    )
    return Catalog(settings, 3, start=START, regions=("north", "south"), dimensions=8)


def requests(rows: np.ndarray, region: int = 0, repeated: bool = False) -> SlateRequests:
    viewer = np.zeros_like(rows) if repeated else rows
    bits = Draws(1, "slate").bits(rows, 0, 0)
    return SlateRequests(
        viewer,
        np.full(len(rows), region, dtype=np.uint8),
        np.full(len(rows), START),
        bits,
        SIZE,
        np.empty((len(rows), 0), np.int32),
    )


@kinds(RECOMMENDERS)
class TestRecommenders(PluginSuite):
    family: Any = RECOMMENDERS
    path = ("properties", "recommender")

    @pytest.fixture
    def policy(self, kind: str) -> Policy:
        opened: Policy = RECOMMENDERS.parse({"kind": kind}).open(catalog(), regions=2, size=SIZE)
        opened.refresh(START)
        return opened

    def test_slates_have_the_shape_that_was_asked_for(self, policy: Policy) -> None:
        slates = policy.answer(requests(np.arange(50)))
        assert slates.items.shape == slates.propensity.shape == (50, SIZE)
        assert (slates.items >= 0).all()
        assert (slates.items < ITEMS).all()
        empty: Slates = policy.answer(requests(np.arange(0)))
        assert empty.items.shape == (0, SIZE)

    def test_propensities_are_probabilities_above_none(self, policy: Policy) -> None:
        propensity = policy.answer(requests(np.arange(2_000))).propensity
        assert (propensity > 0).all()
        assert (propensity <= 1).all()

    def test_no_item_stands_twice_in_a_slate(self, policy: Policy) -> None:
        ordered = np.sort(policy.answer(requests(np.arange(5_000))).items, axis=1)
        assert (np.diff(ordered, axis=1) > 0).all()

    def test_items_come_as_often_as_logged(self, policy: Policy) -> None:
        # One viewer asks again and again, so that what the policy knows of a viewer does not vary.
        slates = policy.answer(requests(np.arange(N), repeated=True))
        for rank in range(SIZE):
            shown, first, counts = np.unique(slates.items[:, rank], return_index=True, return_counts=True)
            logged = slates.propensity[first, rank].astype(float)
            assert logged.sum() == pytest.approx(1, abs=0.01)
            if len(shown) > 1:
                assert stats.chisquare(counts, N * logged / logged.sum()).pvalue > 1e-5

    def test_answers_do_not_depend_on_who_asks_beside(self, policy: Policy) -> None:
        together = policy.answer(requests(np.arange(200)))
        for rows in np.split(np.arange(200), [1, 40, 41, 130]):
            apart = policy.answer(requests(rows))
            assert (apart.items == together.items[rows]).all()
            assert (apart.propensity == together.propensity[rows]).all()

    def test_what_a_region_has_not_is_not_shown_there(self, policy: Policy, kind: str) -> None:
        held_back = np.flatnonzero(catalog().available_from[:, 1] > START)
        assert not np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()
        policy.refresh(START + HOUR)
        assert not np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()

    def test_what_is_launched_is_shown(self, policy: Policy) -> None:
        held_back = np.flatnonzero(catalog().available_from[:, 1] > START)
        policy.refresh(START + DAY)
        assert np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()

    def test_what_is_born_is_shown(self, kind: str) -> None:
        grown = catalog()
        policy = RECOMMENDERS.parse({"kind": kind}).open(grown, regions=2, size=SIZE)
        policy.refresh(START)
        born = grown.add(np.full(60, START + 1), rng=np.random.default_rng(1))
        assert not np.isin(policy.answer(requests(np.arange(3_000))).items, born).any()
        policy.refresh(START + HOUR)
        assert np.isin(policy.answer(requests(np.arange(3_000))).items, born).any()
