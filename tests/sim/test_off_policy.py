"""Off-policy estimates from the simulator's own slates, against the value that the simulator itself gives a policy."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.audience.choice.multinomial_logit import MultinomialLogit
from sim.evaluation.estimate import Estimate
from sim.evaluation.estimator import ESTIMATORS, Estimator
from sim.evaluation.evidence import Evidence
from sim.evaluation.judging import LoggedSlates, Verdict, evidence_of
from sim.pace import Pace
from sim.recommenders.recommender import SlateRequests, TransparentPolicy
from sim.seeds import Draws, rng_for
from sim.testing import tiny_scenario
from sim.world import World

SEEDS, SLATES, VIEWERS, ITEMS = 200, 2_500, 4_000, 30
CATALOG = {
    "items": ITEMS,
    "births_per_day": 0,
    "genres": {"drama": 1},
    "formats": {"film": {}},
    "quality_spread": 0.5,
}


class Bench:
    """Viewers before a policy: what they pick of its slates is the cohort's own doing."""

    def __init__(self, recommender: dict[str, Any], size: int, outside: float) -> None:
        tiny = tiny_scenario(catalog=CATALOG, recommender=recommender, campaigns=[], shifts=[])
        given = {"viewers": VIEWERS, "block": VIEWERS, "slate": size, "taste": 0.5}
        given |= {"choice": MultinomialLogit(outside=outside)}
        audience = tiny.audience.model_copy(update=given)
        self.world = World(tiny.model_copy(update={"audience": audience}), pace=Pace(span=300_000))
        self.sessions, self.size = self.world.cohort.sessions, size
        policy: Any = self.world.policy
        self.policy: TransparentPolicy = policy

    def requests(self, rows: np.ndarray, seed: int) -> SlateRequests:
        bits = Draws(seed, "slates").bits(rows, np.arange(len(rows)))
        region, at = self.world.cohort.population.region[rows], np.full(len(rows), self.world.catalog.start)
        recent = (Draws(9, "recent").uniform(rows[:, None], np.arange(3)) * ITEMS).astype(np.int32)
        return SlateRequests(rows, region, at, bits, self.size, recent)

    def logged(self, rows: np.ndarray, seed: int) -> LoggedSlates:
        asked = self.requests(rows, seed)
        slates = self.policy.answer(asked)
        walk = {"row": rows, **self.sessions.mood.fresh(len(rows))}
        picked, _ = self.sessions._picked(walk, slates.items, asked.bits)
        reward = (picked[:, None] == np.arange(self.size)).astype(float)
        return LoggedSlates(asked, slates.items, slates.propensity.astype(float), reward)

    def value(self, rounds: int = 100) -> float:
        everyone = np.tile(np.arange(VIEWERS), rounds)
        return float(self.logged(everyone, 10_000).reward.sum(axis=1).mean())


def coverage(kind: str, log: Bench, judged: Bench, slates: int = SLATES) -> tuple[int, float, float]:
    """How many intervals of 200 seeds hold the true value; the mean estimate; the truth."""
    truth, told = judged.value(), []
    for seed in range(SEEDS):
        logged = log.logged(rng_for(seed, "who").integers(0, VIEWERS, slates), seed)
        verdict = Verdict.of(judged.policy, logged, seed=seed, draws=2)
        told.append(estimator(kind).estimate(evidence_of(logged, verdict, items=ITEMS)))
    covered = sum(estimate.covers(truth) for estimate in told)
    return covered, float(np.mean([estimate.value for estimate in told])), truth


def estimator(kind: str, **given: Any) -> Estimator:
    return ESTIMATORS.parse({"kind": kind, **given})


def holds(covered: int) -> bool:
    """Whether so many of 200 are what chance makes of the nominal 95 per cent."""
    return bool(stats.binomtest(covered, SEEDS, 0.95).pvalue > 0.002)


@cache
def bench(kind: str, size: int, outside: float, **given: Any) -> Bench:
    return Bench({"kind": kind, **given}, size, outside)


SINGLE = {"size": 1, "outside": 1.0}


@pytest.mark.parametrize("kind", ["ips", "snips", "doubly_robust"])
def test_intervals_cover_the_true_value_at_their_nominal_rate(kind: str) -> None:
    log, judged = bench("random", **SINGLE), bench("popularity", **SINGLE, temperature=0.6)
    assert abs(log.value(10) - judged.value()) > 0.03
    covered, _, _ = coverage(kind, log, judged)
    assert holds(covered), covered


@pytest.mark.parametrize("kind", ["ips", "snips", "doubly_robust"])
def test_intervals_cover_for_a_log_of_a_policy_that_knows_its_viewers(kind: str) -> None:
    log = bench("item_knn", **SINGLE, panel=300, explore=0.4)
    covered, _, _ = coverage(kind, log, bench("thompson", **SINGLE, panel=300))
    assert holds(covered), covered


@pytest.mark.parametrize("kind", ["ips", "snips", "doubly_robust"])
def test_intervals_cover_for_slates_where_items_hardly_compete(kind: str) -> None:
    log, judged = bench("random", size=4, outside=4.5), bench("thompson", size=4, outside=4.5, panel=300)
    covered, _, _ = coverage(kind, log, judged, slates=6_000)
    assert holds(covered), covered


def test_whole_slates_are_weighed_right_where_items_compete() -> None:
    log, judged = (bench("popularity", size=2, outside=1.0, temperature=t) for t in (1.6, 1.4))
    covered, _, _ = coverage("slate_ips", log, judged)
    assert holds(covered), covered


def test_ranks_apart_promise_too_much_where_items_compete() -> None:
    log, judged = bench("random", size=4, outside=1.0), bench("thompson", size=4, outside=1.0, panel=300)
    covered, mean, truth = coverage("ips", log, judged)
    assert mean > 1.05 * truth
    assert covered < 0.9 * SEEDS


def evidence(judged: Bench, log: Bench, slates: int = SLATES) -> Evidence:
    logged = log.logged(np.arange(slates) % VIEWERS, 1)
    return evidence_of(logged, Verdict.of(judged.policy, logged, seed=1), items=ITEMS)


def test_a_policy_judged_by_its_own_log_earns_what_it_earned() -> None:
    log = bench("random", **SINGLE)
    own = evidence(log, log)
    assert np.allclose(own.weights(), 1)
    assert own.effective == pytest.approx(SLATES)
    earned = own.reward.sum(axis=1).mean()
    for kind in ("ips", "snips", "slate_ips"):
        assert estimator(kind).estimate(own).value == pytest.approx(earned)


def test_a_model_narrows_the_interval() -> None:
    told = evidence(bench("thompson", **SINGLE, panel=300), bench("random", **SINGLE))
    width: dict[str, float] = {}
    for kind in ("ips", "doubly_robust"):
        found: Estimate = estimator(kind).estimate(told)
        width[kind] = found.high - found.low
    assert width["doubly_robust"] < 0.95 * width["ips"]


def test_clipping_lowers_what_large_weights_give() -> None:
    told = evidence(bench("thompson", **SINGLE, panel=300), bench("random", **SINGLE))
    assert estimator("ips", clip=2).estimate(told).value < estimator("ips").estimate(told).value


def test_what_the_log_never_shows_is_told_by_its_support() -> None:
    log, judged = bench("item_knn", **SINGLE, panel=300, explore=0.0), bench("random", **SINGLE)
    assert evidence(judged, log).support < 0.1
    assert evidence(log, judged).support == pytest.approx(1, abs=0.3)


def test_wider_confidence_makes_wider_intervals_and_viewers_are_the_groups() -> None:
    told = evidence(bench("popularity", **SINGLE, temperature=0.6), bench("random", **SINGLE), slates=9_000)
    narrow, wide = (estimator("ips", confidence=c).estimate(told) for c in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    assert narrow.groups == VIEWERS


def test_what_cannot_be_is_refused() -> None:
    one = np.ones((1, 1))
    with pytest.raises(ValueError, match="propensity of 0 was logged"):
        Evidence(np.zeros(1, int), one, 0 * one, one)
    with pytest.raises(ValueError, match="needs a model's predictions"):
        estimator("doubly_robust").estimate(Evidence(np.zeros(1, int), one, one, one))
    with pytest.raises(ValueError, match="the log is empty"):
        estimator("ips").estimate(Evidence(np.zeros(0, int), *[np.ones((0, 1))] * 3))
