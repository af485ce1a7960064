"""Policies side by side: A/B tests, interleaved slates and outages, and what can be read from their logs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.durations import HOUR, MINUTE
from sim.evaluation.comparison import Lift, Tally, lift, preference
from sim.recommenders.interleaving import team_draft
from sim.recommenders.recommender import RECOMMENDERS
from tests.sim.test_feedback import IMPRESSION, SELECT, columns, world

RANDOM, GOOD = {"kind": "random"}, {"kind": "thompson", "panel": 600, "history": 4}
VIEWERS = 1_500


def arms(**given: dict[str, Any]) -> dict[str, Any]:
    return {name: {"recommender": recommender} for name, recommender in given.items()}


def frozen(value: Any) -> Any:
    return tuple((name, frozen(part)) for name, part in value.items()) if isinstance(value, dict) else value


def thawed(value: Any) -> Any:
    return {name: thawed(part) for name, part in value} if isinstance(value, tuple) else value


@cache
def told(
    kind: str, viewers: int = VIEWERS, **given: Any
) -> tuple[Any, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """A world's recommender, and what it showed and what was picked in nine hours."""
    # Arguments are frozen, as mappings cannot be kept in a cache.
    recommender = {"kind": kind, **{name: thawed(value) for name, value in given.items()}}
    names = ("user_id", "session_id", "slate_id", "rank", "item_id")
    chosen = world(recommender, viewers=viewers)
    shown = columns(chosen, IMPRESSION, 9 * HOUR, *names, "policy", "propensity")
    picked = columns(world(recommender, viewers=viewers), SELECT, 9 * HOUR, *names)
    return (
        chosen.scenario.recommender,
        dict(zip(("at", *names, "policy", "propensity"), shown, strict=True)),
        dict(zip(("at", *names), picked, strict=True)),
    )


def test_an_arm_keeps_its_viewers_and_its_share() -> None:
    test, shown, _ = told("ab_test", arms=frozen(arms(old=RANDOM, new=GOOD)))
    assert test.policies == ("old", "new")
    for viewer_arms in (np.unique(shown["policy"][shown["user_id"] == v]) for v in range(40)):
        assert len(viewer_arms) <= 1
    viewers, first = np.unique(shown["user_id"], return_index=True)
    treated = shown["policy"][first].sum()
    assert stats.binomtest(int(treated), len(viewers), 0.5).pvalue > 1e-4


def test_arms_depend_on_viewer_and_experiment_alone() -> None:
    def arm(seed: int, **given: Any) -> np.ndarray:
        recommender = {"kind": "ab_test", "arms": arms(old=RANDOM, new=RANDOM), **given}
        chosen: Any = world(recommender)
        opened = type(chosen)(chosen.scenario.model_copy(update={"seed": seed}), pace=chosen.pace)
        found: np.ndarray = opened.policy.arm(np.arange(5_000))
        return found

    assert (arm(1) == arm(2)).all()
    other = arm(1, experiment="another")
    assert stats.chi2_contingency(np.histogram2d(arm(1), other, bins=2)[0]).pvalue > 1e-4
    three = {
        "a": {"share": 2, "recommender": RANDOM},
        "b": {"recommender": RANDOM},
        "c": {"recommender": RANDOM},
    }
    counts = np.bincount(arm(1, arms=three))
    assert stats.chisquare(counts, 5_000 * np.array([0.5, 0.25, 0.25])).pvalue > 1e-4


def by_viewer(values: np.ndarray, viewers: int = VIEWERS) -> np.ndarray:
    return np.bincount(values, minlength=viewers)


def test_the_better_arm_wins_and_equal_arms_do_not() -> None:
    def read(**given: dict[str, Any]) -> Lift:
        _, shown, picked = told("ab_test", arms=frozen(arms(**given)))
        slates = by_viewer(shown["user_id"][shown["rank"] == 1])
        picks, treated = by_viewer(picked["user_id"]), np.zeros(VIEWERS, dtype=bool)
        treated[shown["user_id"][shown["policy"] == 1]] = True
        here = slates > 0
        control, treatment = (Tally(picks[arm & here], slates[arm & here]) for arm in (~treated, treated))
        return lift(control, treatment)

    better, same = read(old=RANDOM, new=GOOD), read(old=RANDOM, new=RANDOM)
    assert better.difference.low > 0
    assert better.relative.low > 0
    assert better.p_value < 1e-3
    assert same.p_value > 1e-3
    assert same.difference.low < 0 < same.difference.high


def test_lift_covers_at_its_nominal_rate() -> None:
    rng, covered = np.random.default_rng(3), 0
    for _ in range(400):
        arms_of = []
        for rate in (0.2, 0.22):
            slates = rng.poisson(5, 900) + 1
            own = np.clip(rng.normal(rate, 0.08, 900), 0, 1)
            arms_of.append(Tally(rng.binomial(slates, own), slates))
        covered += lift(*arms_of).difference.covers(0.0203)
    assert stats.binomtest(covered, 400, 0.95).pvalue > 1e-3
    with pytest.raises(ValueError, match="at least two viewers"):
        lift(Tally(np.ones(1), np.ones(1)), arms_of[0])


def interleaved(
    first: dict[str, Any], second: dict[str, Any]
) -> tuple[Any, dict[str, np.ndarray], np.ndarray]:
    recommender, shown, picked = told("interleaving", first=frozen(first), second=frozen(second))
    key = [
        ((table["user_id"] * 4096 + table["session_id"]) * 256 + table["slate_id"]) * 64 + table["rank"]
        for table in (shown, picked)
    ]
    order = np.argsort(key[0])
    found = order[np.searchsorted(key[0][order], key[1])]
    assert (shown["item_id"][found] == picked["item_id"]).all()
    return recommender, shown, np.stack([picked["user_id"], shown["policy"][found]])


def test_interleaving_prefers_the_better_policy_and_neither_of_equals() -> None:
    recommender, shown, picks = interleaved(RANDOM, GOOD)
    assert recommender.policies == ("first.random", "second.thompson")
    found = {
        name: preference(*(by_viewer(credit[0][credit[1] == team]) for team in (0, 1)))
        for name, credit in (("better", picks), ("equal", interleaved(RANDOM, RANDOM)[2]))
    }
    assert found["better"].low > 0
    assert found["equal"].low < 0 < found["equal"].high
    teams = np.bincount(shown["policy"], minlength=2)
    assert teams[0] == teams[1]


def test_teams_are_drafted_as_the_paper_says() -> None:
    rng = np.random.default_rng(5)
    first, second = (
        np.stack([rng.permutation(12)[:6] for _ in range(300)]).astype(np.int32) for _ in range(2)
    )
    coins = rng.random((300, 3)) < 0.5
    items, team = team_draft(first, second, coins)
    for row in range(300):
        slate: list[int] = []
        for rank in range(6):
            turn = coins[row, rank // 2] ^ (rank % 2 == 1)
            ranking = first[row] if turn else second[row]
            slate.append(next(int(item) for item in ranking if item not in slate))
            assert team[row, rank] == (0 if turn else 1)
        assert items[row].tolist() == slate


def test_an_outage_is_seen_in_the_log_while_it_lasts() -> None:
    given = {"recommender": frozen(RANDOM), "at": "3h", "lasts": "2h"}
    recommender, shown, _ = told("outage", viewers=500, **given)
    assert recommender.policies == ("random", "fallback.popularity")
    hours = (shown["at"] - shown["at"].min() // HOUR * HOUR) / HOUR
    assert shown["policy"].max() == 1
    assert (shown["policy"] == ((hours >= 3) & (hours < 5))).all()
    assert np.allclose(shown["propensity"][shown["policy"] == 0], 1 / 400)
    assert shown["propensity"][shown["policy"] == 1].max() > 2 / 400


def test_recommenders_within_recommenders_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="unknown recommender 'outage'"):
        RECOMMENDERS.parse({"kind": "outage", "at": 5 * MINUTE, "recommender": {"kind": "outage", "at": 0}})
