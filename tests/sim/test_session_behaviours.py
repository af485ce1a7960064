"""The behaviours within a session against independent computations of the laws that they name."""

from math import exp, log

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, stats

from sim.audience.choice.cascade import Cascade
from sim.audience.depth.power_law import PowerLaw
from sim.audience.drifting.attraction import Attraction
from sim.audience.experience.startup_and_stalls import StartupAndStalls
from sim.audience.leaving.logistic_hazard import LogisticHazard
from sim.audience.rating.ordered_probit import OrderedProbit
from sim.audience.repeating.recency_kernel import RecencyKernel
from sim.audience.satiation.fading_count import FadingCount
from sim.audience.tastes import noises, turned
from sim.audience.watching.exponential_pareto import ExponentialPareto
from sim.audience.watching.weibull_time import WeibullTime
from sim.durations import MINUTE, SECOND

N = 40_000


def uniforms(seed: int, count: int = N) -> np.ndarray:
    return np.random.default_rng(seed).random(count)


def fits(counts: np.ndarray, probability: np.ndarray) -> bool:
    """Chi-square test of counts, with rare classes together."""
    expected = probability / probability.sum() * counts.sum()
    rare = expected < 5
    told = np.append(counts[~rare], counts[rare].sum())
    meant = np.append(expected[~rare], expected[rare].sum())
    kept = meant > 0
    assert told[~kept].sum() == 0
    return bool(stats.chisquare(told[kept], meant[kept] * told[kept].sum() / meant[kept].sum()).pvalue > 1e-4)


@pytest.mark.parametrize(("exponent", "most"), [(0, 5), (0.7, 30), (1.5, 99), (3, 60)])
def test_scroll_depth_is_a_truncated_power_law(exponent: float, most: int) -> None:
    slates = PowerLaw(exponent=exponent, most=most).slates(uniforms(1), uniforms(2))
    steps = np.arange(1.0, most + 1)
    assert fits(np.bincount(slates, minlength=most + 1)[1:], steps**-exponent)


def test_the_hazard_is_logistic_in_what_happened() -> None:
    law = LogisticHazard(base=-1, utility=0.5, boredom=2, stalls=0.7)
    for utility, boredom, stalls in ((0, 0, 0), (2, 0.5, 1), (-1, 1, 3)):
        told = law.hazard(*(np.array([float(x)]) for x in (utility, boredom, stalls)))[0]
        assert told == pytest.approx(1 / (1 + exp(1 + 0.5 * utility - 2 * boredom - 0.7 * stalls)))


@pytest.mark.parametrize("persistence", [1.0, 0.8])
@pytest.mark.parametrize("size", [1, 5, 16])
def test_a_cascade_picks_as_viewers_who_look_rank_by_rank_do(persistence: float, size: int) -> None:
    rng = np.random.default_rng(size)
    utility = rng.normal(0, 1, size).astype(np.float32)
    picked = Cascade(threshold=1, persistence=persistence).pick(np.tile(utility, (N, 1)), uniforms(3))
    # The same, acted out by viewers who look at one item after the other.
    acted = np.full(N, size)
    for viewer in range(N):
        for rank in range(size):
            if rng.random() < 1 / (1 + np.exp(1 - utility[rank])):
                acted[viewer] = rank
                break
            if rng.random() >= persistence:
                break
    counts = [np.bincount(np.where(p < 0, size, p), minlength=size + 1) for p in (picked, acted)]
    common = counts[0] + counts[1] > 0
    assert stats.chi2_contingency(np.array(counts)[:, common]).pvalue > 1e-4


def test_tracks_are_skipped_as_published() -> None:
    length = np.full(N, 210 * SECOND)
    seconds = WeibullTime(pull=0).ratio(np.zeros(N), length, uniforms(4)) * 210
    for moment, share in ((5, 0.24), (30, 0.3505), (210, 0.486)):
        assert (seconds < moment).mean() == pytest.approx(share, abs=0.012)
    law = stats.weibull_min(0.235, scale=1148)
    assert stats.kstest(seconds, law.cdf).pvalue > 1e-4
    assert WeibullTime().ratio(np.array([2.0]), length[:1] * 2, np.array([0.5])) == pytest.approx(
        law.ppf(0.5) / 420 * exp(0.5) ** (1 / 0.235)
    )


@pytest.mark.parametrize("exponent", [0.0, 0.6, 1.0, 2.2])
def test_films_have_an_exponential_head_and_a_power_law_tail(exponent: float) -> None:
    law = ExponentialPareto(head="4m", split="12m", settled=0.7, exponent=exponent, longest="4h", pull=0.4)
    length = np.full(N, 100 * MINUTE)
    minutes = law.ratio(np.full(N, -0.5), length, uniforms(5)) * 100
    settled = 1 / (1 + (0.3 / 0.7) * exp(0.2))
    head = integrate.quad(lambda t: exp(-t / 4), 0, 12)[0]
    tail = integrate.quad(lambda t: t**-exponent, 12, 240)[0]

    def cdf(t: float) -> float:
        early = integrate.quad(lambda x: exp(-x / 4), 0, min(t, 12))[0] / head
        late = integrate.quad(lambda x: x**-exponent, 12, t)[0] / tail if t > 12 else 0.0
        return (1 - settled) * early + settled * late

    assert minutes.max() <= 240 + 1e-6
    for moment in (1, 5, 11.9, 12.1, 20, 60, 100, 200):
        assert (minutes <= moment).mean() == pytest.approx(cdf(moment), abs=0.012)


def test_a_tail_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="longest is 60000 ms: it must be above split, 720000 ms"):
        ExponentialPareto(longest="1m")


@pytest.mark.parametrize(("alpha", "cutoff", "beta"), [(0, 1e9, 0), (1.2, 1e9, 0), (0.5, 6, 1.0)])
def test_repeats_follow_recency_and_quality(alpha: float, cutoff: float, beta: float) -> None:
    quality = np.array([0.3, -1.0, 2.0, 0.0, 1.0, -np.inf, -np.inf])
    kernel = RecencyKernel(alpha=alpha, cutoff=cutoff, quality=beta)
    place = kernel.position(np.tile(quality, (N, 1)), uniforms(6))
    weight = [t**-alpha * exp(-t / cutoff) * exp(beta * q) for t, q in enumerate(quality[:5], start=1)]
    assert fits(np.bincount(place, minlength=7), np.array([*weight, 0, 0]))


def test_boredom_follows_the_fading_count() -> None:
    law, count, expected = FadingCount(decay=0.7, threshold=1.5), np.zeros((1, 2)), [0.0, 0.0]
    for genre in (0, 0, 1, 0, 1, 1, 0):
        count = law.after(count, np.array([genre]))
        expected = [0.7 * s + (g == genre) for g, s in enumerate(expected)]
    fresh = 1 / (1 + exp(1.5))
    meant = [(1 / (1 + exp(1.5 - s)) - fresh) / (1 - fresh) for s in expected]
    assert law.boredom(count)[0] == pytest.approx(meant)


def test_taste_moves_by_the_formula() -> None:
    law = Attraction(rate=0.1, noise=0.2)
    p, q, xi = np.array([1.0, 2.0, -2.0]), np.array([0.0, 3.0, 4.0]), np.array([0.5, -1.0, 1.0])
    told = law.moved(p[None], q[None], np.array([-0.5]), xi[None])[0]
    there = q / 5 * 3
    raw = 0.9 * p + 0.1 * -0.5 * (there - p) + 0.2 * xi
    assert told == pytest.approx(raw / np.linalg.norm(raw) * 3)


def test_what_pleases_draws_and_what_displeases_repels() -> None:
    law, rng = Attraction(rate=0.02, noise=0.02), np.random.default_rng(7)
    taste = rng.normal(0, 1, (500, 8)).astype(np.float32)
    trait = np.tile(rng.normal(0, 1, 8), (500, 1))
    drawn, repelled = taste, taste
    for _ in range(200):
        noise = rng.normal(0, 1, (500, 8))
        drawn = law.moved(drawn, trait, np.ones(500), noise)
        repelled = law.moved(repelled, trait, -np.ones(500), noise)
    cosine = [
        float(((t @ trait[0]) / np.linalg.norm(t, axis=1) / np.linalg.norm(trait[0])).mean())
        for t in (repelled, taste, drawn)
    ]
    assert cosine[0] < -0.3
    assert abs(cosine[1]) < 0.1
    assert cosine[2] > 0.6


def test_random_steps_have_mean_zero_and_variance_one() -> None:
    bits = np.random.default_rng(8).integers(0, 2**63, N).astype(np.uint64)
    for dimensions in (3, 8, 11):
        steps = noises(bits, dimensions)
        assert steps.shape == (N, dimensions)
        assert np.abs(steps.mean(axis=0)).max() < 0.02
        assert np.abs(np.cov(steps.T) - np.eye(dimensions)).max() < 0.03


def test_tastes_are_turned_without_changing_their_length_and_back() -> None:
    taste = np.random.default_rng(9).normal(0, 1, (100, 8))
    for level in (1.0, 1.5, 2.0, 3.0):
        there = turned(taste, level)
        assert np.linalg.norm(there, axis=1) == pytest.approx(np.linalg.norm(taste, axis=1))
        assert turned(there, level, back=True) == pytest.approx(taste)
    assert (turned(taste, 2) * taste).sum(axis=1) == pytest.approx(np.zeros(100), abs=1e-9)
    assert turned(taste, 3) == pytest.approx(-taste)


def test_stars_have_the_shares_and_the_spreads_that_are_set() -> None:
    rng = np.random.default_rng(10)
    law, many = OrderedProbit(), 400
    viewer, item = rng.normal(0, 1, (many, 1)), rng.normal(0, 1, (1, many))
    affinity, noise = rng.normal(0, 1, (2, many, many))
    stars = law.halves(affinity, viewer + 0 * item, item + 0 * viewer, noise) / 2
    shares = np.bincount(stars.astype(int).ravel(), minlength=6)[1:] / stars.size
    assert shares == pytest.approx([0.061, 0.114, 0.271, 0.342, 0.212], abs=0.02)
    # MovieLens 100K: standard deviations of viewers' and of items' means.
    assert stars.mean(axis=1).std() == pytest.approx(0.445, rel=0.15)
    assert stars.mean(axis=0).std() == pytest.approx(0.533, rel=0.15)


def test_half_stars_have_their_shares_too() -> None:
    shares = (1, 1, 2, 2, 4, 5, 9, 12, 6, 8)
    columns = np.random.default_rng(11).normal(0, 1, (4, N))
    assert fits(
        np.bincount(OrderedProbit(shares=shares).halves(*columns), minlength=11)[1:], np.array(shares, float)
    )
    with pytest.raises(ValidationError, match="4 shares: give 5 for whole stars or 10 for half stars"):
        OrderedProbit(shares=(1, 1, 1, 1))


def test_viewers_give_up_at_the_published_rate() -> None:
    law = StartupAndStalls()
    for seconds, share in ((1, 0), (2, 0), (3, 0.058), (7, 0.29), (30, 1)):
        gone = law.gives_up(np.full(N, seconds * 1000.0), uniforms(12))
        assert gone.mean() == pytest.approx(share, abs=0.01)


def test_start_up_delays_and_stalls_are_as_set() -> None:
    law = StartupAndStalls(delay="1s", spread=0.5, stalled=0.1, lost=0.03)
    delay = law.startup(np.full(N, 2.0), uniforms(13))
    assert stats.kstest(delay, stats.lognorm(0.5, scale=2000).cdf).pvalue > 1e-4
    lost = law.rebuffering(np.full(N, 2.0), uniforms(14))
    assert (lost > 0).mean() == pytest.approx(0.2, abs=0.01)
    assert stats.kstest(lost[lost > 0], stats.expon(scale=0.03).cdf).pvalue > 1e-4
    assert law.kept(np.array([0.01]))[0] == pytest.approx(0.95, abs=0.002)
    assert -log(law.kept(np.array([0.2]))[0]) == pytest.approx(1.0)
