"""Drift of a feature: planted shifts are found in time, quiet days stay quiet."""

import numpy as np
import pytest

from sim.durations import DAY, HOUR, MINUTE
from sim.features import DriftWatch, Feature
from sim.seeds import rng_for
from streams.watch.drift.feature_monitor import FeatureMonitor
from streams.watch.drift.reading import Reading

START = 1_767_628_800_000
ONSET = START + 4 * HOUR
WATCHED = Feature(
    name="watched", topic="journeys", kinds=("complete", "abandon"), field="watched_ms", type="numeric"
)
DEVICE = Feature(
    name="device", topic="journeys", kinds=("session_start",), field="device", type="categorical"
)


def monitor(feature: Feature) -> FeatureMonitor:
    return FeatureMonitor(feature, DriftWatch(features=(WATCHED, DEVICE)))


def normal_day(
    seed: int, *, per_window: int, shift: float = 0.0, cycle: float = 0.0, alike: float = 0.0, hours: int = 24
) -> list[Reading]:
    """Readings of normal values with a shift, a daily cycle, and half-hour sessions of ten that are alike."""
    rng = rng_for(seed, "drift day")
    count = per_window * hours * 2
    sessions = count // 10
    begin, taste = rng.integers(0, hours * HOUR, sessions), rng.normal(size=sessions)
    session = rng.integers(0, sessions, count)
    times = begin[session] + rng.integers(0, 30 * MINUTE, count) + START
    values = np.sqrt(1 - alike**2) * rng.normal(size=count) + alike * taste[session]
    values += cycle * np.sin(2 * np.pi * times / DAY + seed) + shift * (times >= ONSET)
    watched = monitor(WATCHED)
    watched.add(times, values, rng.integers(0, 2**63, count).astype(np.uint64))
    return watched.advance(START + hours * HOUR)


def first_alarm(readings: list[Reading]) -> float | None:
    return next(((r.end_ms - ONSET) / MINUTE for r in readings if r.detected and r.end_ms > ONSET), None)


@pytest.mark.parametrize("shift", [0.5, -1.0])
@pytest.mark.parametrize("cycle", [0.0, 0.3])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sudden_shift_is_found_within_two_windows(shift: float, cycle: float, seed: int) -> None:
    readings = normal_day(seed, per_window=2000, shift=shift, cycle=cycle, hours=6)
    assert not any(reading.detected for reading in readings if reading.end_ms <= ONSET)
    after = first_alarm(readings)
    assert after is not None
    assert after <= 60


@pytest.mark.parametrize(
    "service", [{}, {"cycle": 0.2}, {"cycle": 1.0}, {"alike": 0.5}, {"cycle": 0.5, "alike": 0.5}]
)
def test_quiet_days_raise_at_most_the_stated_false_alarms(service: dict[str, float]) -> None:
    days = [normal_day(seed, per_window=400, **service) for seed in range(8)]
    # At 0.05 a day, more than two in eight days have a probability below 0.01.
    assert sum(any(reading.detected for reading in day) for day in days) <= 2


def test_order_and_pieces_of_reading_do_not_matter() -> None:
    rng = rng_for(4, "pieces")
    times = rng.integers(START, START + 5 * HOUR, 20_000)
    values, marks = rng.normal(size=20_000), rng.integers(0, 2**63, 20_000).astype(np.uint64)
    whole, pieces = monitor(WATCHED), monitor(WATCHED)
    whole.add(times, values, marks)
    for rows in np.array_split(rng.permutation(20_000), 37):
        pieces.add(times[rows], values[rows], marks[rows])
    assert whole.advance(START + 5 * HOUR) == pieces.advance(START + 5 * HOUR)


def test_a_window_closes_only_when_the_watermark_has_passed_it() -> None:
    rng = rng_for(5, "closing")
    watched = monitor(WATCHED)
    times = rng.integers(START, START + 3 * HOUR, 5000)
    watched.add(times, rng.normal(size=5000), rng.integers(0, 2**63, 5000).astype(np.uint64))
    assert watched.advance(START + 2 * HOUR + 30 * MINUTE - 1) == []
    (reading,) = watched.advance(START + 2 * HOUR + 30 * MINUTE)
    assert (reading.start_ms, reading.end_ms) == (START + 2 * HOUR, START + 2 * HOUR + 30 * MINUTE)
    watched.add(times[:10] % 1000 + START, np.zeros(10), np.zeros(10, dtype=np.uint64))
    assert watched.too_late == 10


def test_names_are_compared_by_their_shares() -> None:
    rng = rng_for(6, "names")
    watched = monitor(DEVICE)
    for window in range(8):
        shares = [0.7, 0.2, 0.1, 0.0] if window < 6 else [0.4, 0.2, 0.1, 0.3]
        values = rng.choice(["tv", "phone", "tablet", "watch"], 500, p=shares)
        times = START + window * 30 * MINUTE + rng.integers(0, 30 * MINUTE, 500)
        watched.add(times, values.astype(object), rng.integers(0, 2**63, 500).astype(np.uint64))
    readings = watched.advance(START + 4 * HOUR)
    assert [reading.detected for reading in readings] == [False, False, True, True]
    assert set(readings[0].measures) == {"psi", "js"}
    assert readings[2].record()["psi_major"]


def test_a_start_that_is_not_typical_is_left_out_of_the_reference() -> None:
    rng = rng_for(7, "warm-up")
    watched = monitor(WATCHED)
    times = np.sort(rng.integers(START, START + 8 * HOUR, 40_000))
    age = (times - START) / HOUR
    values = rng.normal(size=40_000) + 3 * np.exp(-age) + 0.6 * (age >= 6)
    watched.add(times, values, rng.integers(0, 2**63, 40_000).astype(np.uint64))
    readings = watched.advance(START + 8 * HOUR)
    assert readings[0].start_ms > START + 2 * HOUR
    assert next(r.start_ms for r in readings if r.detected) == START + 6 * HOUR


def test_a_window_with_few_values_says_nothing() -> None:
    watched = monitor(WATCHED)
    watched.add(np.full(49, START), np.zeros(49), np.arange(49, dtype=np.uint64))
    assert watched.advance(START + DAY) == []


def test_a_constant_feature_is_read_without_alarm() -> None:
    watched = monitor(WATCHED)
    times = np.arange(START, START + 4 * HOUR, 5000)
    watched.add(times, np.ones(len(times)), np.arange(len(times), dtype=np.uint64))
    readings = watched.advance(START + 4 * HOUR)
    assert len(readings) == 4
    assert not any(reading.detected for reading in readings)
    assert max(readings[0].measures.values()) < 0.01
