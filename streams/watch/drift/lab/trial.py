"""Trials: one detector on one recording, what it says of each window, and what that costs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sim.features import DriftWatch
from sim.seeds import rng_for
from streams.watch.drift.control import rejected
from streams.watch.drift.detector import Detector, Setting, Verdict, Watcher
from streams.watch.drift.lab.recording import Recording

__all__ = ["Trial", "tried"]

Result = TypeVar("Result")


@dataclass(frozen=True)
class Trial:
    """Ends (epoch ms) of the windows in which a detector fired, by feature, and CPU seconds for so many records."""

    detector: str
    fired: dict[str, list[int]]
    records: int
    cpu_s: float
    judged_ms: int
    """Simulated time that was judged."""

    def delay(self, feature: str, onset: int) -> int | None:
        """Simulated time (ms) from an onset to the end of the first window in which it fired; None if it never did."""
        return next((end - onset for end in self.fired.get(feature, []) if end > onset), None)

    def alarms(self, window: int) -> int:
        """Alarms over all features; windows in a row that fired are one."""
        return sum(sum(end - window not in set(ends) for end in ends) for ends in self.fired.values())


def tried(
    detector: Detector, recording: Recording, watch: DriftWatch, *, only: str | None = None
) -> Trial | None:
    """Let a detector learn the reference of a recording and judge the rest of it, a window of all features at a time.

    ``only`` names the feature that is looked at, with the share of alarms that it has beside the others. None if
    the detector takes no such feature.
    """
    features = {
        each.name: each for each in watch.features if detector.takes(each.type) and only in (None, each.name)
    }
    if not features:
        return None
    left_out = -(-watch.warm_up // watch.window)
    first = left_out - (-watch.reference // watch.window)
    clock = _Clock()
    watchers: dict[str, Watcher] = {}
    for name, feature in features.items():
        setting = Setting(
            feature.type == "categorical",
            watch.alpha / len(watch.features),
            rng_for(0, "drift", name, detector.label),
        )
        watchers[name] = clock.timed(
            partial(detector.learn, recording.windows[name][left_out:first], setting)
        )
    fired: dict[str, list[int]] = {name: [] for name in features}
    count = len(recording.windows[next(iter(recording.windows))])
    for number in range(first, count):
        windows = {name: recording.windows[name][number] for name in features}
        verdicts = {name: clock.timed(partial(watchers[name].judge, windows[name])) for name in features}
        for name, detected in _decided(verdicts, watch).items():
            clock.timed(partial(watchers[name].settle, windows[name], detected=detected))
            if detected:
                fired[name].append(windows[name].end)
    records = sum(len(window) for name in features for window in recording.windows[name][left_out:])
    return Trial(detector.label, fired, records, clock.spent, (count - first) * watch.window)


def _decided(verdicts: dict[str, Verdict], watch: DriftWatch) -> dict[str, bool]:
    tested = {name: verdict.p for name, verdict in verdicts.items() if verdict.p is not None}
    found = rejected(
        list(tested.values()), alpha=watch.alpha, tests=len(watch.features), control=watch.control
    )
    decided = {name: verdict.detected for name, verdict in verdicts.items()}
    return decided | dict(zip(tested, found, strict=True))


class _Clock:
    """Sums CPU time of this process."""

    def __init__(self) -> None:
        self.spent = 0.0

    def timed(self, call: Callable[[], Result]) -> Result:
        """What a call returns."""
        begun = time.process_time()
        result = call()
        self.spent += time.process_time() - begun
        return result
