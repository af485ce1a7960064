"""Page-Hinkley: it fires where River's does, once a change, and counts from the new level afterwards."""

import numpy as np
import pytest
from river.drift import PageHinkley as RiverPageHinkley

from sim.durations import MINUTE
from sim.seeds import rng_for
from streams.watch.drift.bins import Bins
from streams.watch.drift.course import course
from streams.watch.drift.detector import DETECTORS, Setting, Verdict, Window

SPAN = 15 * MINUTE
MEMORY = 8


def windows(seed: int, *, shift: float, after: int, count: int) -> list[Window]:
    rng = rng_for(seed, "page hinkley")
    found = []
    for number in range(count):
        times = np.sort(rng.integers(number * SPAN, (number + 1) * SPAN, 400))
        values = rng.normal(shift * (number >= after), 1, (400, 1))
        found.append(Window(number * SPAN, (number + 1) * SPAN, times, values))
    return found


def judged(stream: list[Window]) -> list[Verdict]:
    detector = DETECTORS.parse({"kind": "page_hinkley"})
    watcher = detector.learn(stream[:MEMORY], Setting(False, 1e-4, rng_for(1, "none")))
    verdicts = []
    for window in stream[MEMORY:]:
        verdicts.append(watcher.judge(window))
        watcher.settle(window, detected=verdicts[-1].detected)
    return verdicts


@pytest.mark.parametrize(("shift", "found"), [(0.0, False), (0.6, True), (-0.6, True)])
def test_it_fires_when_rivers_does(shift: float, found: bool) -> None:
    stream = windows(3, shift=shift, after=14, count=18)
    bins = Bins.over(stream[:MEMORY], categorical=False)
    means = [course(window, bins, 32)[1] for window in stream]
    spread = float(np.concatenate(means[:MEMORY]).std(ddof=1))
    # River works on the values themselves: allowance and threshold in their unit.
    river = RiverPageHinkley(min_instances=30, delta=0.75 * spread, threshold=12 * spread, alpha=1.0)
    fired = []
    for number, part in enumerate(means):
        for value in part.tolist():
            river.update(value)
            if river.drift_detected:
                fired.append(number)
    own = [number + MEMORY for number, verdict in enumerate(judged(stream)) if verdict.detected]
    assert bool(own) is bool(fired) is found
    if found:
        assert own[0] == fired[0] == 14


def test_a_change_is_told_once_with_its_time() -> None:
    stream = windows(4, shift=1.0, after=12, count=24)
    verdicts = judged(stream)
    assert [number + MEMORY for number, each in enumerate(verdicts) if each.detected] == [12]
    at = verdicts[12 - MEMORY].at_ms
    assert at is not None
    assert 12 * SPAN < at <= 12.5 * SPAN
