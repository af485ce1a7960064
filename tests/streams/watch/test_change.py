import numpy as np
import pytest
from scipy.stats import chi2_contingency

from sim.seeds import rng_for
from streams.watch.drift.change import ChangeTest, chi_square


def test_the_statistic_is_pearsons() -> None:
    rows = np.array([[50.0, 80, 20, 40], [70, 60, 30, 20]])
    statistic, freedom = chi_square(*rows)
    expected = chi2_contingency(rows, correction=False)
    assert statistic == pytest.approx(expected.statistic)
    assert freedom == expected.dof


def test_rare_bins_are_joined_and_absent_ones_dropped() -> None:
    statistic, freedom = chi_square(np.array([100.0, 100, 1, 0, 0]), np.array([100.0, 100, 0, 1, 0]))
    assert freedom == 2
    assert statistic == pytest.approx(0.0)


def table(rng: np.random.Generator, shares: np.ndarray, count: int) -> np.ndarray:
    return rng.multinomial(count // 6, shares, 6).astype(float)


@pytest.mark.parametrize("count", [300, 3000])
def test_false_alarms_stay_within_alpha(count: int) -> None:
    rng = rng_for(count, "null")
    shares = np.full(12, 1 / 12)
    alarms = 0
    for _ in range(400):
        test = ChangeTest(alpha=0.05, memory=4)
        for _ in range(4):
            test.learn(table(rng, shares, count))
        alarms += test.judge(table(rng, shares, count)).detected
    assert alarms <= 0.05 * 400


def test_a_movement_like_those_before_is_no_alarm_and_a_jump_is() -> None:
    rng = rng_for(1, "movement")
    lean = np.linspace(-1, 1, 8)

    def shares(slope: float) -> np.ndarray:
        return (1 + slope * lean) / 8

    test = ChangeTest(alpha=1e-4, memory=4)
    for step in range(4):
        test.learn(table(rng, shares(0.1 * step), 20_000))
    assert not test.judge(table(rng, shares(0.4), 20_000)).detected
    assert test.judge(table(rng, shares(0.9), 20_000)).detected


def test_the_effect_is_near_the_chi_distance() -> None:
    rng = rng_for(2, "effect")
    before, now = np.array([0.25, 0.25, 0.25, 0.25]), np.array([0.35, 0.25, 0.25, 0.15])
    test = ChangeTest(alpha=1e-4, memory=3)
    for _ in range(3):
        test.learn(table(rng, before, 60_000))
    distance = np.sqrt(np.sum((now - before) ** 2 / ((3 * before + now) / 4)))
    assert test.judge(table(rng, now, 60_000)).effect == pytest.approx(distance, rel=0.05)
