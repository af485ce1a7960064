"""The schedule stands still while the world hurries; lateness is measured against it."""

import numpy as np
import pytest

from streams.publish.schedule import Lateness, Schedule
from tests.streams.publish.conftest import Clock


def test_intended_times_are_fixed_by_the_first_look() -> None:
    clock = Clock()
    schedule = Schedule(60.0, 1_000_000, clock=clock)
    assert schedule.intended(np.array([1_000_000, 1_060_000, 940_000])).tolist() == [1000.0, 1001.0, 1000.0]
    clock.now += 500
    assert schedule.intended(np.array([1_120_000])).tolist() == [1002.0]


def test_as_fast_as_possible_is_never_early() -> None:
    schedule = Schedule(None, 0)
    assert (schedule.intended(np.array([1, 10**13])) == -np.inf).all()
    assert not schedule.paced(10**13)


def test_only_the_live_part_is_paced() -> None:
    schedule = Schedule(1.0, 500)
    assert [schedule.paced(at) for at in (499, 500, 501)] == [False, True, True]


def test_another_speed_holds_from_where_the_last_was_meant_to_end() -> None:
    clock = Clock()
    schedule = Schedule(1.0, 0, clock=clock)
    first = schedule.intended(np.array([0, 5_000, 20_000]))
    clock.now += 60  # far behind: what was intended stays, and nothing is bunched
    schedule.turn(10_000, 4.0)
    schedule.turn(20_000, None)
    schedule.turn(30_000, 2.0)
    assert schedule.intended(np.array([0, 5_000])).tolist() == first[:2].tolist()
    assert (schedule.intended(np.array([10_000, 14_000])) - first[0]).tolist() == [10, 11]
    assert schedule.intended(np.array([20_000, 29_999])).tolist() == [-np.inf, -np.inf]
    assert [schedule.paced(at) for at in (19_999, 20_000, 29_999, 30_000)] == [True, False, False, True]
    # After as fast as possible, the pace begins with the first look.
    assert schedule.intended(np.array([30_000, 32_000])).tolist() == [clock.now, clock.now + 1]
    assert schedule.speed == 2.0


def test_a_stretch_that_nobody_asked_about_is_as_long_as_it_was_meant_to_be() -> None:
    schedule = Schedule(1.0, 0, clock=Clock())
    began = schedule.intended(np.array([0]))[0]
    schedule.turn(10_000, 2.0)
    schedule.turn(20_000, 10.0)
    assert schedule.intended(np.array([30_000]))[0] - began == 10 + 5 + 1


def test_a_pause_moves_what_comes_after_it_and_nothing_else() -> None:
    clock = Clock()
    schedule = Schedule(1.0, 0, clock=clock)
    began = schedule.intended(np.array([0]))[0]
    clock.now += 100
    schedule.resume(10_000)
    told = schedule.intended(np.array([9_000, 10_000, 12_000])) - began
    assert told.tolist() == [9, 100, 102]
    # Who resumes before the time had come goes on when it comes.
    schedule.resume(300_000)
    assert schedule.intended(np.array([300_000]))[0] - began == 100 + 290


def test_a_change_before_the_live_part_is_one_of_its_beginning() -> None:
    schedule = Schedule(1.0, 50_000, clock=Clock())
    schedule.turn(10_000, 5.0)
    schedule.resume(20_000)
    began = schedule.intended(np.array([50_000]))[0]
    assert schedule.intended(np.array([60_000]))[0] - began == 2
    assert not schedule.paced(49_999)


def test_quantiles_bound_those_of_the_records() -> None:
    seconds = np.random.default_rng(1).exponential(0.2, 50_000)
    lateness = Lateness()
    for part in np.split(seconds, 10):
        lateness.note(part)
    for q in (0.5, 0.95, 0.99, 0.999):
        exact = float(np.quantile(seconds, q))
        assert exact <= lateness.quantile(q) * 1.001
        assert lateness.quantile(q) <= exact * 1.13
    told = lateness.summary()
    assert told["worst_ms"] == pytest.approx(seconds.max() * 1000, abs=0.1)
    assert told["late_records"] == np.count_nonzero(seconds > 1)
    assert told["p50_ms"] <= told["p95_ms"] <= told["p99_ms"] <= told["p99.9_ms"] <= told["worst_ms"]


def test_early_is_not_late_and_nothing_is_nothing() -> None:
    lateness = Lateness()
    assert set(lateness.summary().values()) == {0}
    lateness.note(np.array([-5.0, 0.0]))
    lateness.note(np.array([]))
    assert lateness.summary()["worst_ms"] == 0


def test_hours_of_lateness_are_kept() -> None:
    lateness = Lateness()
    lateness.note(np.array([7_200.0]))
    assert lateness.summary()["worst_ms"] == 7_200_000
    assert lateness.summary()["p50_ms"] >= 1_000_000
