"""Statistics of chronicles that can be counted by hand, and the promises that every statistic keeps."""

import numpy as np
import pytest

from sim.calibration.statistic import STATISTICS, Statistic
from sim.calibration.statistics.actions import ActionRate
from sim.calibration.statistics.popularity import ItemGini, TopShare, gini
from sim.calibration.statistics.ratings import (
    ActivityQuantiles,
    StarMoments,
    StarsByPopularity,
    StarShares,
    StarSpread,
)
from sim.calibration.statistics.repeats import PlaysPerPair, RepeatShare
from sim.calibration.statistics.subscriptions import (
    MonthlyChurn,
    Returned,
    SubscriptionSurvival,
    TenureChurn,
)
from sim.calibration.statistics.visits import ActiveDays, PlaysPerUserDay
from sim.calibration.statistics.watching import (
    SecondsPerImpression,
    SkipRateByDevice,
    SkipShare,
    WatchRatio,
    WatchRatioOver,
)
from sim.durations import DAY, SECOND
from tests.sim.calibration.chronicles import chronicle, plays

KINDS = sorted(STATISTICS.classes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_statistic_says_what_it_needs_and_survives_a_world_in_which_nothing_happens(kind: str) -> None:
    statistic: Statistic = STATISTICS.parse({"kind": kind})
    assert type(statistic).__doc__
    found = statistic.measure(chronicle())
    assert all(isinstance(value, float) for value in found.values())


def test_gini_of_one_who_has_all_and_of_equals() -> None:
    assert gini(np.array([5, 5, 5])) == pytest.approx(0)
    assert gini(np.array([0] * 99 + [7])) == pytest.approx(0.99)


def rated(user: list[int], item: list[int], stars: list[int]) -> dict[str, object]:
    return {**plays(user, item), "stars": stars, "half": [0] * len(user)}


def test_a_second_rating_of_a_pair_does_not_count_nor_do_viewers_with_few() -> None:
    world = chronicle(rate=rated([1, 1, 1, 2], [5, 5, 6, 5], [1, 5, 3, 4]))
    assert StarShares().measure(world) == pytest.approx({"1": 1 / 3, "2": 0, "3": 1 / 3, "4": 1 / 3, "5": 0})
    assert StarMoments(least=2).measure(world) == pytest.approx({"mean": 2.0, "sd": 1.0})
    assert ActivityQuantiles(at=(0.5,), least=2).measure(world) == {"p50": 2.0, "mean": 2.0}
    assert ItemGini().measure(world)[""] == pytest.approx(1 / 6)
    assert TopShare(percent=(50,)).measure(world)["top50pct"] == pytest.approx(2 / 3)


def test_spread_of_means_among_viewers_and_items() -> None:
    world = chronicle(rate=rated([1] * 20 + [2] * 20, list(range(20)) * 2, [2] * 20 + [4] * 20))
    spread = StarSpread().measure(world)
    assert spread["users"] == 1.0
    assert np.isnan(spread["items"])  # no item has twenty ratings
    users = list(range(60))
    often = chronicle(
        rate=rated([*users, *users[:30], *users[:25]], [0] * 60 + [1] * 30 + [2] * 25, [5] * 60 + [3] * 55)
    )
    assert StarsByPopularity().measure(often)[""] == pytest.approx(0.866, abs=0.01)


def ended(watched: list[float], length: float = 10.0, user: list[int] | None = None) -> dict[str, object]:
    base = plays(user or [1] * len(watched), [0] * len(watched))
    return {
        **base,
        "watched_ms": [int(w * SECOND) for w in watched],
        "duration_ms": [int(length * SECOND)] * len(watched),
    }


def test_watch_ratios_leave_out_what_the_source_leaves_out() -> None:
    world = chronicle({"impression": 8}, skip=ended([1, 2]), complete=ended([10, 60]))
    found = WatchRatio(at=(0.5,), most=5).measure(world)
    assert found["p50"] == pytest.approx(0.2)
    assert WatchRatioOver(ratio=5).measure(world)[""] == 0.25
    assert SecondsPerImpression().measure(world)[""] == pytest.approx(73 / 8)


def test_skips_by_time_and_by_device() -> None:
    sessions = {"at": [0, 0], "user_id": [1, 2], "session_id": [0, 0], "device": [0, 1]}
    world = chronicle(
        skip=ended([3, 20], 40, [1, 1]), complete=ended([40, 40], 40, [1, 2]), session_start=sessions
    )
    assert SkipShare(within=(5, 30)).measure(world) == {"5s": 0.25, "30s": 0.5, "end": 0.5}
    assert SkipRateByDevice().measure(world) == {"phone": pytest.approx(2 / 3), "desktop": 0.0}


def test_repeats_of_items_and_creators() -> None:
    world = chronicle(play=plays([1, 1, 1, 2], [3, 3, 4, 3]))
    assert RepeatShare().measure(world) == {"item": 0.25, "creator": 0.5}
    assert PlaysPerPair().measure(world) == {"item": pytest.approx(4 / 3), "creator": 2.0}


def test_plays_and_days() -> None:
    world = chronicle(play=plays([1, 1, 1, 2], [0] * 4, [0, 5, DAY, 0]))
    assert PlaysPerUserDay(at=(0.5,)).measure(world)["p50"] == 1.0
    assert ActiveDays().measure(world)[""] == pytest.approx(3 / 20)


def test_actions_are_counted_against_what_was_shown() -> None:
    world = chronicle({"impression": 200, "like": 3})
    assert ActionRate(actions=("like", "share")).measure(world) == {"like": 0.015, "share": 0.0}


def test_subscriptions() -> None:
    lost = {
        "at": [0] * 4,
        "user_id": [1, 2, 3, 4],
        "tenure_days": [10, 400, 500, 900],
        "subscription": [1, 1, 2, 5],
    }
    back = {"at": [0, 0], "user_id": [1, 2], "away_days": [20, 200]}
    world = chronicle(cancelled=lost, resubscribed=back)
    month = 365.25 / 12
    assert MonthlyChurn().measure(world)["gross"] == pytest.approx(4 / 40 / (10 / month))
    assert MonthlyChurn().measure(world)["net"] == pytest.approx(2 / 40 / (10 / month))
    assert SubscriptionSurvival().measure(world) == {"1": 0.5, "2": 1.0, "3": 1.0}
    assert Returned().measure(world) == {"3m": 0.25, "12m": 0.5}
    years = TenureChurn().measure(world)
    assert years["year1"] == pytest.approx(1 / (36 + 10.5 / month))
    assert years["year2"] == pytest.approx(2 / (400.5 / month - 12 + 500.5 / month - 12 + 12))
