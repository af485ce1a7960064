"""Logs: reading their structure, telling two apart, and the fit that finds a known truth again."""

import numpy as np
import pytest

from sim.calibration.log.blueprint import DEFAULTS
from sim.calibration.log.comparison import Comparison, compared
from sim.calibration.log.distances import distances
from sim.calibration.log.fit import LogFit, fit_log
from sim.calibration.log.log import Log
from sim.calibration.log.marginals import hour_of_week, marginals
from sim.calibration.log.observed import Rules
from sim.calibration.log.privacy import copied_histories, copied_rows, privacy
from sim.calibration.log.ranking import Holdout, agreement, ndcg_of_recommenders
from sim.calibration.log.sketch import table
from sim.calibration.log.spectrum import spectrum
from sim.calibration.log.stars import variance_between
from sim.calibration.log.structure import structure_distances
from sim.calibration.log.two_sample import two_sample
from sim.durations import DAY, HOUR, MINUTE
from sim.scenario import Scenario
from tests.sim.calibration.logs import known_log


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def log() -> Log:
    return known_log()


@pytest.fixture(scope="module")
def halves(log: Log) -> tuple[Log, Log]:
    return log.halves(rng=rng())


@pytest.fixture(scope="module")
def fit(halves: tuple[Log, Log]) -> LogFit:
    return fit_log(halves[0], budget=5)


@pytest.fixture(scope="module")
def comparison(fit: LogFit, halves: tuple[Log, Log]) -> Comparison:
    return compared(*halves, fit.log(seed=99))


def test_sessions_places_and_repeats_of_a_log() -> None:
    at = np.array([0, 10, 10 + 31, 12]) * MINUTE
    log = Log.of(["a", "a", "a", "b"], ["x", "y", "x", "x"], at)
    assert log.resolution == MINUTE
    assert log.session_opens.tolist() == [True, False, True, True]
    assert log.depth.tolist() == [2, 1, 1]
    assert log.place.tolist() == [0, 1, 2, 0]
    assert log.place_in_session.tolist() == [0, 1, 0, 0]
    assert log.repeats.tolist() == [False, False, True, False]
    assert log.sessions_of_user.tolist() == [2, 1]
    assert hour_of_week(Log.of([1], [1], [4 * DAY + 5 * HOUR])).tolist() == [5]  # 1970 began on a Thursday


def test_rules_of_a_rating_log() -> None:
    at = np.concatenate([np.arange(20) * 1000, np.arange(20) * 1000 + DAY, [90 * DAY]])
    user = np.repeat([1, 2], 20)
    log = Log.of([*user, 2], [*range(20), *range(20), 30], at, {"rating": np.ones(41)})
    rules = Rules.of(log)
    assert (rules.source, rules.least, rules.once, rules.resolution) == ("rate", 20, True, 1000)
    assert 0.9 * DAY <= rules.joined_within < 3 * DAY


def test_distances_are_those_of_theory() -> None:
    first, second = rng(1).normal(0, 1, 20_000), rng(2).normal(0.5, 1, 20_000)
    found = distances(first, second)
    assert found["ks"] == pytest.approx(0.1974, abs=0.02)
    assert found["w1"] == pytest.approx(0.5, abs=0.03)
    assert found["psi"] == pytest.approx(0.25, abs=0.03)
    assert 0 < found["js"] < 0.1
    assert distances(first, first)["w1"] == 0


def test_a_table_is_made_of_aggregates_and_keeps_the_distribution() -> None:
    made = table(rng().lognormal(0, 1, 5000))
    assert made["at"][0] == 0
    assert made["at"][-1] == 1
    assert np.interp(0.5, made["at"], made["quantiles"]) == pytest.approx(1, rel=0.1)


def test_variance_between_groups_is_free_of_chance() -> None:
    group = np.repeat(np.arange(400), 10)
    values = rng(1).normal(0, 0.5, 400)[group] + rng(2).normal(0, 1, 4000)
    assert variance_between(group, values) == pytest.approx(0.25, rel=0.25)


def test_the_two_sample_test_tells_what_differs_and_only_that(halves: tuple[Log, Log]) -> None:
    first, second = halves
    assert two_sample(first, second, rng=rng()).auc == pytest.approx(0.5, abs=0.06)
    late = Log(second.user, second.item, second.at + 6 * HOUR, second.extra)
    shifted = two_sample(first, late, rng=rng())
    assert shifted.auc > 0.6
    assert max(shifted.by_feature, key=lambda name: shifted.by_feature[name]) == "hour"


def test_structure_of_halves_is_alike_and_of_shuffled_items_is_not(log: Log, halves: tuple[Log, Log]) -> None:
    found = structure_distances(*halves)
    assert found["transition_js"] < 0.02
    shuffled = Log(log.user, rng().integers(0, log.items, len(log)), log.at, log.extra)
    assert structure_distances(log, shuffled)["item_gini_difference"] < -0.2
    assert spectrum(log)[0] > 1.2 * spectrum(shuffled)[0]


def test_recommenders_that_know_more_find_more(log: Log) -> None:
    found = ndcg_of_recommenders(Holdout.of(log))
    assert len(found) >= 6
    assert found["random"] < found["popularity"]
    assert agreement(found, found) == pytest.approx(1)


def test_the_fit_finds_the_truth_again(fit: LogFit, log: Log) -> None:
    made = fit.log(seed=5)
    real, found = marginals(log), marginals(made)
    assert made.users == pytest.approx(log.users / 2, rel=0.15)
    for name in ("activity", "sessions", "depth"):
        assert found[name].mean() == pytest.approx(real[name].mean(), rel=0.2), name
    assert fit.playing.timing["spread"] == pytest.approx(0.8, abs=0.45)
    assert np.median(found["watch"]) == pytest.approx(np.median(real["watch"]), rel=0.1)
    evening = [np.mean(hour_of_week(each) % 24 >= 16) for each in (log, made)]
    weekend = [np.mean(hour_of_week(each) >= 120) for each in (log, made)]
    assert evening[1] == pytest.approx(evening[0], abs=0.06)
    assert weekend[1] == pytest.approx(weekend[0], abs=0.08)
    assert set(fit.parameters) <= set(DEFAULTS)
    Scenario.model_validate(fit.tree)


def test_what_is_made_is_near_what_is_real(comparison: Comparison) -> None:
    found = comparison.as_json()
    # Of 250 users a side, even two real halves are told apart by chance.
    assert found["c2st_auc_real"] < 0.7
    assert found["c2st_auc"] < found["c2st_auc_real"] + 0.15
    assert found["tstr_over_trtr"] > 0.8
    assert found["kendall_tau"] > 0.4
    assert comparison.made["marginals"]["depth"]["ks"] < 0.12


def test_no_row_and_no_history_is_copied(comparison: Comparison, halves: tuple[Log, Log]) -> None:
    assert comparison.privacy["copied_rows"] == 0
    assert comparison.privacy["copied_histories"] == 0
    assert comparison.privacy["nearer_to_fitted"] < 0.6
    thief = privacy(*halves, halves[0])
    assert thief["nearer_to_fitted"] > 0.95
    assert thief["p_value"] < 1e-6
    assert copied_rows(halves[0], halves[0]) == len(halves[0])
    assert copied_histories(halves[0], halves[0]) > 50
