"""Detectors of a scenario: chosen there, found wrong before a run begins, and told apart in what is read."""

from pathlib import Path

import numpy as np
import pytest

from sim.durations import HOUR, MINUTE
from sim.features import DriftWatch, Feature
from sim.scenario_file import load, source_of
from sim.seeds import rng_for
from streams.commands.drift_detectors import checked
from streams.exits import UsageError
from streams.watch.drift.feature_monitor import FeatureMonitor

TIMES = Feature(name="times", topic="journeys", kinds=("complete",), field="watched_ms", type="numeric")


def scenario_with(detectors: str, folder: Path) -> str:
    text = source_of("outage")[1].replace("drift:\n", f"drift:\n  detectors: {detectors}\n")
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("detectors", "told"),
    [
        ("[{kind: psy}]", r"mine.yaml:\d+: drift.detectors.0: unknown detector 'psy'.*Did you mean 'psi'"),
        ("[{kind: ks}, {kind: psi, bins: 1}]", r"drift.detectors.1.bins = 1: .*greater than or equal to 2"),
        ("[{kind: psi}, {kind: psi}]", "two detectors are called 'psi'"),
        ("[{bins: 3}]", "must be a mapping with 'kind'"),
    ],
)
def test_a_wrong_detector_is_told_with_its_line(detectors: str, told: str, tmp_path: Path) -> None:
    name = scenario_with(detectors, tmp_path)
    with pytest.raises(UsageError, match=told):
        checked(name, load(name))


def test_right_ones_are_taken(tmp_path: Path) -> None:
    name = scenario_with("[{kind: mmd, bandwidth: 2}, {kind: chi_square}]", tmp_path)
    assert checked(name, load(name)).drift.detectors[0] == {"kind": "mmd", "bandwidth": 2}


def test_a_window_is_judged_by_each_detector_that_takes_the_feature() -> None:
    watch = DriftWatch(
        features=(TIMES,),
        detectors=({"kind": "psi"}, {"kind": "psi", "name": "fixed", "against": "reference"}),
        warm_up=30 * MINUTE,
    )
    rng, watched = rng_for(1, "detectors"), FeatureMonitor(TIMES, watch)
    times = rng.integers(0, 6 * HOUR, 12_000)
    values = rng.lognormal(size=12_000) * np.where(times >= 4 * HOUR, 4, 1)
    values[(times >= 5 * HOUR) & (rng.random(12_000) < 0.4)] = np.nan
    watched.add(times, values, rng.integers(0, 2**63, 12_000).astype(np.uint64))
    readings = watched.advance(6 * HOUR)
    assert readings[0].start_ms == 2 * HOUR + 30 * MINUTE
    assert [reading.detected for reading in readings] == [False] * 3 + [True] * 4
    told = readings[-1].record()
    assert set(told["verdicts"]) == {"psi", "fixed"}
    assert told["verdicts"]["fixed"]["statistic"] > told["verdicts"]["fixed"]["threshold"]
    assert told["missing"] == pytest.approx(0.4, abs=0.05)
    assert readings[-1].n == pytest.approx(1000, rel=0.15)


def test_who_only_tells_raises_no_alarm() -> None:
    watch = DriftWatch(features=(TIMES,), detectors=({"kind": "page_hinkley", "alarms": False},))
    rng, watched = rng_for(2, "detectors"), FeatureMonitor(TIMES, watch)
    times = rng.integers(0, 6 * HOUR, 12_000)
    values = rng.lognormal(size=12_000) * np.where(times >= 4 * HOUR, 4, 1)
    watched.add(times, values, rng.integers(0, 2**63, 12_000).astype(np.uint64))
    readings = watched.advance(6 * HOUR)
    assert any(reading.fired("page_hinkley") for reading in readings)
    assert not any(reading.detected for reading in readings)
