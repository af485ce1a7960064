"""Each behaviour against the formula that it names, by the distribution of what it gives."""

from math import gamma

import numpy as np
import pytest
from scipy import stats

from sim.audience.choice.multinomial_logit import MultinomialLogit
from sim.audience.depth.inverse_gaussian import InverseGaussian
from sim.audience.returning.weibull_gaps import WeibullGaps
from sim.audience.watching.weibull import Weibull
from sim.durations import HOUR

N = 40_000
LENGTH = np.full(N, 60_000)


def uniforms(seed: int, count: int = N) -> np.ndarray:
    return np.random.default_rng(seed).random(count)


@pytest.mark.parametrize(("mean", "shape"), [(4, 5), (22, 14), (9, 6), (60, 900)])
def test_depth_is_inverse_gaussian_rounded_to_whole_slates(mean: float, shape: float) -> None:
    slates = InverseGaussian(mean=mean, shape=shape, most=99).slates(uniforms(1), uniforms(2))
    law = stats.invgauss(mean / shape, scale=shape)
    steps = np.arange(1, 99)
    told = np.searchsorted(np.sort(slates), steps, "right") / N
    assert np.abs(told - law.cdf(steps + 0.5)).max() < 1.95 / N**0.5
    assert slates.min() >= 1
    assert slates.max() <= 99


def test_depth_has_the_moments_of_the_law_where_neither_end_cuts() -> None:
    slates = InverseGaussian(mean=40, shape=600, most=99).slates(uniforms(3), uniforms(4))
    assert slates.mean() == pytest.approx(40, rel=0.01)
    assert slates.var() == pytest.approx(40**3 / 600 + 1 / 12, rel=0.04)


def test_depth_stops_where_everyone_leaves() -> None:
    assert InverseGaussian(mean=50, shape=100, most=7).slates(uniforms(5), uniforms(6)).max() == 7
    assert np.isfinite(
        InverseGaussian(mean=90, shape=1e-3).slates(np.array([0.0, 1 - 1e-16]), np.zeros(2))
    ).all()


def logit(utility: np.ndarray, bias: float, outside: float) -> np.ndarray:
    """Probabilities of each rank and, last, of nothing, as McFadden writes them."""
    weight = np.arange(1.0, len(utility) + 1) ** -bias * np.exp(utility)
    return np.append(weight, np.exp(outside)) / (weight.sum() + np.exp(outside))


@pytest.mark.parametrize(("bias", "outside"), [(0, 0), (0.8, 1.5), (2, -3), (3, 3)])
@pytest.mark.parametrize("size", [1, 5, 16, 64])
def test_choices_have_the_frequencies_of_the_logit(bias: float, outside: float, size: int) -> None:
    utility = np.random.default_rng(size).normal(0, 1, size).astype(np.float32)
    choice = MultinomialLogit(position_bias=bias, outside=outside)
    picked = choice.pick(np.tile(utility, (N, 1)), uniforms(7))
    counts = np.bincount(np.where(picked < 0, size, picked), minlength=size + 1)
    expected = N * logit(utility.astype(float), bias, outside)
    common = expected >= 5
    rare = ~common
    told, meant = (
        np.append(counts[common], counts[rare].sum()),
        np.append(expected[common], expected[rare].sum()),
    )
    kept = meant > 0
    assert stats.chisquare(told[kept], meant[kept] * told[kept].sum() / meant[kept].sum()).pvalue > 1e-4


def test_equal_items_are_picked_by_position_alone() -> None:
    choice = MultinomialLogit(position_bias=1, outside=-50)
    picked = choice.pick(np.zeros((N, 4), dtype=np.float32), uniforms(8))
    shares = np.bincount(picked, minlength=4) / N
    assert shares / shares[0] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4], abs=0.02)


def test_choices_survive_extreme_utilities() -> None:
    utility = np.array([[-1000, 1000], [1000, 1000], [-1000, -1000]], dtype=np.float32)
    picked = MultinomialLogit(outside=0).pick(utility, np.array([0.5, 0.999999, 0.5]))
    assert picked.tolist() == [1, 1, -1]


@pytest.mark.parametrize(("k", "scale", "pull"), [(0.36, 2.4, 0.25), (0.62, 1.1, 0.0), (1.28, 0.91, 0.3)])
@pytest.mark.parametrize("affinity", [-1.0, 0.0, 1.5])
def test_watch_time_survives_as_weibull(k: float, scale: float, pull: float, affinity: float) -> None:
    ratio = Weibull(k=k, scale=scale, pull=pull).ratio(np.full(N, affinity), LENGTH, uniforms(9))
    law = stats.weibull_min(k, scale=scale * np.exp(pull * affinity))
    assert stats.kstest(ratio, law.cdf).pvalue > 1e-4
    for share in (0.1, 0.5, 1.0):
        survival = np.exp(-((share / (scale * np.exp(pull * affinity))) ** k))
        assert (ratio > share).mean() == pytest.approx(survival, abs=0.012)


@pytest.mark.parametrize("k", [0.5, 0.7, 1.0, 3.0])
def test_gaps_are_weibull_with_the_mean_that_is_given(k: float) -> None:
    returning = WeibullGaps(k=k, mean=10 * HOUR)
    gap = returning.gap(uniforms(10))
    law = stats.weibull_min(k, scale=10 * HOUR / gamma(1 + 1 / k))
    assert stats.kstest(gap, law.cdf).pvalue > 1e-4
    assert law.mean() == pytest.approx(10 * HOUR)


@pytest.mark.parametrize("k", [0.5, 0.7, 1.0, 3.0])
def test_residual_life_has_the_density_of_survival_over_the_mean(k: float) -> None:
    returning = WeibullGaps(k=k, mean=10 * HOUR)
    left = returning.residual(uniforms(11), rng=np.random.default_rng(12))
    # P(residual <= t) = (1/mean) * integral of the survival function: a regularised incomplete gamma.
    from scipy.special import gammainc

    assert stats.kstest(left, lambda t: gammainc(1 / k, (t / returning.scale) ** k)).pvalue > 1e-4
    second = 10 * HOUR * (1 + (gamma(1 + 2 / k) / gamma(1 + 1 / k) ** 2 - 1)) / 2
    assert left.mean() == pytest.approx(second, rel=0.06)
