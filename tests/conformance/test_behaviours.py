"""Every behaviour of viewers: whole columns in, finite columns out, each row by itself."""

from typing import Any, ClassVar

import numpy as np
import pytest
from scipy import stats

from sim.audience.behaviour import (
    CHOICES,
    DEPTHS,
    DRIFTINGS,
    EXPERIENCES,
    LEAVINGS,
    RATINGS,
    REPEATINGS,
    RETURNS,
    SATIATIONS,
    WATCHINGS,
    Choice,
    Depth,
    Drifting,
    Experience,
    Leaving,
    Rating,
    Repeating,
    Return,
    Satiation,
    Watching,
)
from sim.durations import DAY, MINUTE
from tests.conformance.plugins import PluginSuite, kinds

N = 20_000
EDGES = np.array([0.0, 2.0**-53, 0.5, 1 - 2.0**-53])


def uniforms(seed: int, count: int = N) -> np.ndarray:
    return np.random.default_rng(seed).random(count)


def by_parts(function: Any, *columns: np.ndarray) -> np.ndarray:
    """What a function gives for its columns in pieces; every row must stand for itself."""
    edges = [1, 2, 19, 700]
    return np.concatenate(
        [function(*part) for part in zip(*(np.split(column, edges) for column in columns), strict=True)]
    )


@kinds(DEPTHS)
class TestDepths(PluginSuite):
    family: Any = DEPTHS
    path = ("properties", "audience", "properties", "depth")

    def test_sessions_have_between_one_slate_and_999(self, plugin: Depth) -> None:
        for first in (uniforms(1), np.repeat(EDGES, N // 4)):
            slates = plugin.slates(first, uniforms(2))
            assert slates.dtype == np.int64
            assert slates.min() >= 1
            assert slates.max() <= 999
        assert len(np.unique(plugin.slates(uniforms(1), uniforms(2)))) > 2

    def test_each_session_stands_for_itself(self, plugin: Depth) -> None:
        first, second = uniforms(3), uniforms(4)
        assert (by_parts(plugin.slates, first, second) == plugin.slates(first, second)).all()


@kinds(CHOICES)
class TestChoices(PluginSuite):
    family: Any = CHOICES
    path = ("properties", "audience", "properties", "choice")

    def test_a_rank_or_nothing_is_picked(self, plugin: Choice) -> None:
        for size in (1, 2, 16, 64):
            utility = np.random.default_rng(size).normal(0, 2, (N, size)).astype(np.float32)
            for uniform in (uniforms(5), np.repeat(EDGES, N // 4)):
                picked = plugin.pick(utility.copy(), uniform)
                assert picked.shape == (N,)
                assert picked.min() >= -1
                assert picked.max() < size

    def test_each_slate_stands_for_itself(self, plugin: Choice) -> None:
        utility, uniform = np.random.default_rng(6).normal(0, 2, (N, 8)).astype(np.float32), uniforms(6)
        assert (by_parts(plugin.pick, utility, uniform) == plugin.pick(utility.copy(), uniform)).all()

    def test_what_is_liked_more_is_picked_more(self, plugin: Choice) -> None:
        dull = np.zeros((N, 5), dtype=np.float32)
        bright = dull.copy()
        bright[:, 2] = 3
        shares = [np.mean(plugin.pick(utility.copy(), uniforms(7)) == 2) for utility in (dull, bright)]
        assert shares[1] > shares[0]

    def test_what_it_is_given_is_left_alone(self, plugin: Choice) -> None:
        utility = np.random.default_rng(8).normal(0, 2, (100, 8)).astype(np.float32)
        kept = utility.copy()
        plugin.pick(utility, uniforms(8, 100))
        assert (utility == kept).all()


@kinds(WATCHINGS)
class TestWatchings(PluginSuite):
    family: Any = WATCHINGS
    path = ("properties", "audience", "properties", "watching")

    LENGTHS: ClassVar[np.ndarray] = np.exp(np.random.default_rng(0).normal(np.log(45 * MINUTE), 1, N)).astype(
        int
    )

    def test_ratios_are_positive_and_some_stop_and_some_do_not(self, plugin: Watching) -> None:
        ratio = plugin.ratio(np.zeros(N), self.LENGTHS, uniforms(9))
        assert (ratio >= 0).all()
        edges = plugin.ratio(np.repeat([-5.0, 0.0, 5.0, 40.0], 4), np.full(16, 200_000), np.tile(EDGES, 4))
        assert not np.isnan(edges).any()
        assert 0.02 < np.mean(ratio >= 1) < 0.98

    def test_what_is_liked_is_watched_no_less(self, plugin: Watching) -> None:
        means = [
            np.minimum(plugin.ratio(np.full(N, affinity), self.LENGTHS, uniforms(10)), 1).mean()
            for affinity in (-2, 0, 2)
        ]
        assert means == sorted(means)

    def test_each_play_stands_for_itself(self, plugin: Watching) -> None:
        columns = np.random.default_rng(11).normal(0, 1, N), self.LENGTHS, uniforms(11)
        assert (by_parts(plugin.ratio, *columns) == plugin.ratio(*columns)).all()


@kinds(LEAVINGS)
class TestLeavings(PluginSuite):
    family: Any = LEAVINGS
    path = ("properties", "audience", "properties", "leaving", "anyOf", 0)

    def test_it_is_a_probability_of_columns(self, plugin: Leaving) -> None:
        columns = np.random.default_rng(12).normal(0, 3, N), uniforms(12), np.arange(N) % 4.0
        hazard = plugin.hazard(*columns)
        assert hazard.shape == (N,)
        assert ((hazard >= 0) & (hazard <= 1)).all()
        assert (by_parts(plugin.hazard, *columns) == hazard).all()

    def test_who_is_pleased_stays_and_who_is_bored_or_stalled_leaves(self, plugin: Leaving) -> None:
        still, up = np.zeros(3), np.array([0.0, 1.0, 2.0])
        assert (np.diff(plugin.hazard(up, still, still)) <= 0).all()
        assert (np.diff(plugin.hazard(still, up / 2, still)) >= 0).all()
        assert (np.diff(plugin.hazard(still, still, up)) >= 0).all()


@kinds(REPEATINGS)
class TestRepeatings(PluginSuite):
    family: Any = REPEATINGS
    path = ("properties", "audience", "properties", "repeating", "anyOf", 0)

    def test_only_what_is_remembered_is_played_again(self, plugin: Repeating) -> None:
        rng = np.random.default_rng(13)
        for size in (1, 2, 9, 40):
            known = np.arange(size) < rng.integers(1, size + 1, N)[:, None]
            quality = np.where(known, rng.normal(0, 2, (N, size)), -np.inf)
            for uniform in (uniforms(14), np.repeat(EDGES, N // 4)):
                place = plugin.position(quality, uniform)
                assert known[np.arange(N), place].all()
            assert (by_parts(plugin.position, quality, uniform) == place).all()


@kinds(SATIATIONS)
class TestSatiations(PluginSuite):
    family: Any = SATIATIONS
    path = ("properties", "audience", "properties", "satiation", "anyOf", 0)

    def test_boredom_grows_with_what_is_played_and_fades_with_what_is_not(self, plugin: Satiation) -> None:
        count = np.zeros((1, 3), dtype=np.float16)
        assert plugin.boredom(count).max() == pytest.approx(0, abs=1e-3)
        levels = [plugin.boredom(count)[0]]
        for genre in [0] * 12 + [1] * 12:
            count = plugin.after(count, np.array([genre]))
            assert count.dtype == np.float16
            levels.append(plugin.boredom(count)[0])
        told = np.array(levels)
        assert ((told >= 0) & (told <= 1)).all()
        assert told[12, 0] > 0.5
        assert told[-1, 1] > 0.5 > told[-1, 0]
        assert (told[:, 2] == told[0, 2]).all()

    def test_counts_stay_finite(self, plugin: Satiation) -> None:
        count = np.zeros((1, 2), dtype=np.float16)
        for _ in range(2000):
            count = plugin.after(count, np.array([1]))
        assert np.isfinite(count).all()


@kinds(DRIFTINGS)
class TestDriftings(PluginSuite):
    family: Any = DRIFTINGS
    path = ("properties", "audience", "properties", "drifting", "anyOf", 0)

    def test_tastes_keep_their_length_and_each_stands_for_itself(self, plugin: Drifting) -> None:
        rng = np.random.default_rng(15)
        taste, trait, noise = rng.normal(0, 1, (3, N, 8)).astype(np.float32)
        reward = rng.uniform(-1, 1, N)
        moved = plugin.moved(taste, trait, reward, noise)
        assert moved.dtype == np.float32
        assert np.linalg.norm(moved, axis=1) == pytest.approx(np.linalg.norm(taste, axis=1), rel=1e-4)
        apart = by_parts(plugin.moved, taste, trait, reward, noise)
        assert apart == pytest.approx(moved, abs=1e-6)

    def test_what_is_nothing_moves_nothing(self, plugin: Drifting) -> None:
        still = np.zeros((2, 4), dtype=np.float32)
        assert np.isfinite(plugin.moved(still, still, np.ones(2), still)).all()


@kinds(RATINGS)
class TestRatings(PluginSuite):
    family: Any = RATINGS
    path = ("properties", "audience", "properties", "rating")

    def test_half_stars_are_one_to_ten_and_grow_with_affinity(self, plugin: Rating) -> None:
        columns = np.random.default_rng(16).normal(0, 1, (4, N))
        halves = plugin.halves(*columns)
        assert halves.dtype == np.int64
        assert halves.min() >= 1
        assert halves.max() <= 10
        assert (by_parts(plugin.halves, *columns) == halves).all()
        assert (plugin.halves(columns[0] + 1, *columns[1:]) >= halves).all()
        assert len(np.unique(halves)) >= 5


@kinds(EXPERIENCES)
class TestExperiences(PluginSuite):
    family: Any = EXPERIENCES
    path = ("properties", "audience", "properties", "experience", "anyOf", 0)

    def test_delays_and_losses_are_no_less_on_worse_devices(self, plugin: Experience) -> None:
        uniform = np.sort(uniforms(17))
        for function in (plugin.startup, plugin.rebuffering):
            good, bad = function(np.ones(N), uniform), function(np.full(N, 3.0), uniform)
            assert (good >= 0).all()
            assert (bad >= good).all()
            assert np.isfinite(function(np.ones(4), EDGES)).all()

    def test_the_longer_the_worse(self, plugin: Experience) -> None:
        shares = [plugin.gives_up(np.full(N, delay), uniforms(18)).mean() for delay in (0, 4e3, 9e3)]
        assert shares[0] == 0
        assert shares == sorted(shares)
        kept = plugin.kept(np.array([0.0, 0.01, 0.1, 0.5]))
        assert kept[0] == 1
        assert (np.diff(kept) <= 0).all()
        assert kept[-1] >= 0


@kinds(RETURNS)
class TestReturns(PluginSuite):
    family: Any = RETURNS
    path = ("properties", "audience", "properties", "returning")
    needed: ClassVar[dict[str, Any]] = {"mean": DAY}

    def test_gaps_have_the_mean_that_is_set(self, plugin: Return) -> None:
        gap = plugin.gap(uniforms(12, 400_000))
        assert (gap >= 0).all()
        assert gap.mean() == pytest.approx(plugin.mean, rel=0.03)
        assert np.isfinite(plugin.gap(EDGES)).all()

    def test_each_gap_stands_for_itself(self, plugin: Return) -> None:
        uniform = uniforms(13)
        assert (by_parts(plugin.gap, uniform) == plugin.gap(uniform)).all()

    def test_a_random_moment_falls_into_gaps_by_their_length(self, plugin: Return) -> None:
        # Renewal theory, by experiment: look at random moments into gaps laid end to end.
        ends = np.cumsum(plugin.gap(uniforms(14, 300_000)))
        moments = np.random.default_rng(15).uniform(0.1, 0.9, 15_000) * ends[-1]
        waiting = ends[np.searchsorted(ends, moments, "right")] - moments
        residual = plugin.residual(uniforms(16, 15_000), rng=np.random.default_rng(17))
        assert stats.ks_2samp(waiting, residual).pvalue > 1e-4
