"""A run with a planted shift, as records: six hours of plays on four partitions."""

import numpy as np

from sim.durations import HOUR
from sim.features import DriftWatch, Feature
from sim.seeds import rng_for
from tests.streams.watch.recorded_run import START, RecordedRun

ONSET = START + 4 * HOUR
WATCH = DriftWatch(
    features=(
        Feature(
            name="watched",
            topic="journeys",
            kinds=("complete", "abandon"),
            field="watched_ms",
            type="numeric",
        ),
        Feature(
            name="device", topic="journeys", kinds=("session_start",), field="device", type="categorical"
        ),
    )
)


def drifting_run(seed: int, *, start: int = START, count: int = 6000, shards: int = 1) -> RecordedRun:
    """Watched times are cut to 0.6 after four hours; devices do not change."""
    rng = rng_for(seed, "drifting run")
    run = RecordedRun(shards)
    times = np.sort(rng.integers(start, start + 6 * HOUR, count)).tolist()
    onset = start + 4 * HOUR
    shift = {"subject": "shift:evening", "shift": "evening", "shift_kind": "sudden", "dial": "watch_scale"}
    planted = False
    for at in times:
        if at >= onset and not planted:
            run.emit("truth", 0, 0, onset, "shift", **shift, factor=0.6, features=["watched"])
            planted = True
        source, user = int(rng.integers(4)), int(rng.integers(50))
        if rng.random() < 0.3:
            run.emit("journeys", source, user, at, "session_start", device=str(rng.choice(["tv", "phone"])))
        else:
            watched = rng.lognormal(8, 0.7) * (0.6 if at >= onset else 1.0)
            run.emit("journeys", source, user, at, "complete", watched_ms=round(watched))
    return run
