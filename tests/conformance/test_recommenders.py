"""Every recommender: logged propensities are true, slates hold no item twice, regions hold what they may."""

from typing import Any, ClassVar

import numpy as np
import pytest
from scipy import stats

from sim.durations import DAY, HOUR
from sim.pace import Pace
from sim.recommenders.recommender import RECOMMENDERS, SlateRequests, Slates, TransparentPolicy
from sim.seeds import Draws
from sim.testing import tiny_scenario
from sim.world import World
from tests.conformance.plugins import PluginSuite, kinds

START, SIZE, ITEMS, N = 1_767_571_200_000, 6, 90, 30_000


def world(recommender: dict[str, Any]) -> World:
    """A world of two regions, of which the south lacks some of the catalogue for two hours."""
    catalog = {"items": ITEMS, "births_per_day": 0, "genres": {"drama": 1}, "formats": {"film": {}}}
    catalog |= {"launches": [{"region": "south", "at": "2h", "items": 40}]}
    tiny = tiny_scenario(catalog=catalog, recommender=recommender, campaigns=[], shifts=[])
    given = tiny.audience.model_copy(update={"slate": SIZE})
    return World(tiny.model_copy(update={"audience": given}), pace=Pace(span=300_000))


def requests(rows: np.ndarray, region: int = 0, repeated: bool = False, remembered: int = 4) -> SlateRequests:
    viewer = np.zeros_like(rows) if repeated else rows
    played = (Draws(2, "recent").uniform(viewer[:, None], np.arange(remembered)) * (ITEMS + 30)).astype(
        np.int32
    )
    return SlateRequests(
        viewer,
        np.full(len(rows), region, dtype=np.uint8),
        np.full(len(rows), START),
        Draws(1, "slate").bits(rows, 0, 0),
        SIZE,
        np.where(played < ITEMS, played, -1).astype(np.int32),
    )


@kinds(RECOMMENDERS)
class TestRecommenders(PluginSuite):
    family: Any = RECOMMENDERS
    path = ("properties", "recommender")
    needed: ClassVar[dict[str, Any]] = {
        "arms": {
            "old": {"share": 1, "recommender": {"kind": "popularity"}},
            "new": {"share": 3, "recommender": {"kind": "random"}},
        },
        "first": {"kind": "popularity"},
        "second": {"kind": "random"},
        "recommender": {"kind": "popularity"},
        "at": "0s",
        "lasts": "30m",
    }

    def opened(self, kind: str) -> tuple[World, TransparentPolicy]:
        chosen = world({"kind": kind, **self.given(kind)})
        policy: Any = chosen.policy
        return chosen, policy

    @pytest.fixture
    def policy(self, kind: str) -> TransparentPolicy:
        return self.opened(kind)[1]

    def test_slates_have_the_shape_that_was_asked_for(self, kind: str, policy: TransparentPolicy) -> None:
        slates = policy.answer(requests(np.arange(50)))
        assert slates.items.shape == slates.propensity.shape == slates.policy_of_items.shape == (50, SIZE)
        assert (slates.items >= 0).all()
        assert (slates.items < ITEMS).all()
        known = RECOMMENDERS.parse({"kind": kind, **self.given(kind)}).policies
        assert (slates.policy < len(known)).all()
        assert len(set(known)) == len(known)
        empty: Slates = policy.answer(requests(np.arange(0)))
        assert empty.items.shape == (0, SIZE)

    def test_propensities_are_probabilities_above_none(self, policy: TransparentPolicy) -> None:
        propensity = policy.answer(requests(np.arange(2_000))).propensity
        assert (propensity > 0).all()
        assert (propensity <= 1).all()

    def test_no_item_stands_twice_in_a_slate(self, policy: TransparentPolicy) -> None:
        ordered = np.sort(policy.answer(requests(np.arange(5_000))).items, axis=1)
        assert (np.diff(ordered, axis=1) > 0).all()

    @pytest.mark.parametrize("remembered", [0, 4])
    def test_items_come_as_often_as_logged(self, policy: TransparentPolicy, remembered: int) -> None:
        # One viewer asks again and again, so that what the policy knows of a viewer does not vary.
        slates = policy.answer(requests(np.arange(N), repeated=True, remembered=remembered))
        for rank in range(SIZE):
            shown, first, counts = np.unique(slates.items[:, rank], return_index=True, return_counts=True)
            logged = slates.propensity[first, rank].astype(float)
            assert logged.sum() == pytest.approx(1, abs=0.01)
            if len(shown) > 1:
                assert stats.chisquare(counts, N * logged / logged.sum()).pvalue > 1e-5

    def test_it_tells_the_propensity_of_any_item(self, policy: TransparentPolicy) -> None:
        if not hasattr(policy, "propensities"):
            pytest.skip("a service of its own cannot be asked for the probability of what it did not show")
        asked = requests(np.arange(300), region=1)
        slates = policy.answer(asked)
        told = policy.propensities(asked, slates.items)
        assert np.allclose(told, slates.propensity, rtol=1e-5, atol=0)
        every = np.zeros(told.shape)
        for item in range(ITEMS):
            probability = policy.propensities(asked, np.full(told.shape, item, dtype=np.int32))
            assert (probability >= 0).all()
            every += probability
        assert np.allclose(every, 1, atol=1e-4)

    def test_answers_do_not_depend_on_who_asks_beside(self, policy: TransparentPolicy) -> None:
        together = policy.answer(requests(np.arange(200)))
        for rows in np.split(np.arange(200), [1, 40, 41, 130]):
            apart = policy.answer(requests(rows))
            assert (apart.items == together.items[rows]).all()
            assert (apart.propensity == together.propensity[rows]).all()

    def test_a_shard_without_viewers_answers_like_any_other(
        self, kind: str, policy: TransparentPolicy
    ) -> None:
        chosen = world({"kind": kind, **self.given(kind)})
        empty = World(chosen.scenario, shard=(50, 51), pace=Pace(span=300_000))
        for other in (chosen.policy, empty.policy):
            other.refresh(START + 3 * HOUR)
        assert not len(empty.cohort.population)
        asked = requests(np.arange(500))
        assert (chosen.policy.answer(asked).items == empty.policy.answer(asked).items).all()

    def test_what_a_region_has_not_is_not_shown_there(self, kind: str) -> None:
        chosen, policy = self.opened(kind)
        held_back = np.flatnonzero(chosen.catalog.available_from[:, 1] > START)
        assert len(held_back) == 40
        assert not np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()
        policy.refresh(START + HOUR)
        assert not np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()

    def test_what_is_launched_is_shown(self, kind: str) -> None:
        chosen, policy = self.opened(kind)
        held_back = np.flatnonzero(chosen.catalog.available_from[:, 1] > START)
        policy.refresh(START + DAY)
        assert np.isin(policy.answer(requests(np.arange(3_000), region=1)).items, held_back).any()

    def test_what_is_born_is_shown(self, kind: str) -> None:
        chosen, policy = self.opened(kind)
        born = chosen.catalog.add(np.full(60, START + 1), rng=np.random.default_rng(1))
        assert not np.isin(policy.answer(requests(np.arange(3_000))).items, born).any()
        policy.refresh(START + HOUR)
        assert np.isin(policy.answer(requests(np.arange(3_000))).items, born).any()
