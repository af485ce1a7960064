"""Every behaviour of viewers: whole columns in, finite columns out, each row by itself."""

from typing import Any, ClassVar

import numpy as np
import pytest
from scipy import stats

from sim.audience.behaviour import CHOICES, DEPTHS, RETURNS, WATCHINGS, Choice, Depth, Return, Watching
from sim.durations import DAY
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

    def test_sessions_have_between_one_slate_and_ninety_nine(self, plugin: Depth) -> None:
        for first in (uniforms(1), np.repeat(EDGES, N // 4)):
            slates = plugin.slates(first, uniforms(2))
            assert slates.dtype == np.int64
            assert slates.min() >= 1
            assert slates.max() <= 99
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

    def test_ratios_are_positive_and_some_stop_and_some_do_not(self, plugin: Watching) -> None:
        ratio = plugin.ratio(np.zeros(N), uniforms(9))
        assert (ratio >= 0).all()
        assert not np.isnan(plugin.ratio(np.repeat([-5.0, 0.0, 5.0, 40.0], 4), np.tile(EDGES, 4))).any()
        assert 0.02 < np.mean(ratio >= 1) < 0.98

    def test_what_is_liked_is_watched_no_less(self, plugin: Watching) -> None:
        means = [
            np.minimum(plugin.ratio(np.full(N, affinity), uniforms(10)), 1).mean() for affinity in (-2, 0, 2)
        ]
        assert means == sorted(means)

    def test_each_play_stands_for_itself(self, plugin: Watching) -> None:
        affinity, uniform = np.random.default_rng(11).normal(0, 1, N), uniforms(11)
        assert (by_parts(plugin.ratio, affinity, uniform) == plugin.ratio(affinity, uniform)).all()


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
