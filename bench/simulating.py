"""Simulating: events simulated and encoded on one core, and what audiences of all sizes cost."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from threading import Event

from bench.figure import Figure, measured

_EVENTS = 2_000_000


def figures() -> Iterator[Figure]:
    """Each measurement in a process of its own: memory is counted from nothing."""
    usual = _child("video_service", 250_000)
    yield Figure("simulate_and_encode", usual["per_cpu"], "events/CPU-s", bound=">= 1000000")
    small, large = _child("video_service", 10_000), _child("video_service", 10_000_000)
    growth = small["per_cpu"] / large["per_cpu"]
    yield Figure(
        "cost_growth_10k_to_10m", 1e9 / large["per_cpu"], "CPU-ns/event", "10,000 viewers", growth, "<= 1.25"
    )
    yield Figure("rss_10m_viewers", large["rss"] / 1e9, "GB", bound="<= 4")


def _child(scenario: str, viewers: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.simulating", scenario, str(viewers)]
    environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure(scenario: str, viewers: int) -> dict[str, float]:
    from sim.pace import Pace
    from sim.scenario_file import load
    from streams.commands.publishing import assembled

    chosen = load(scenario, {"audience.viewers": viewers})
    run = assembled(
        chosen,
        Pace.of(chosen),
        (0, 1),
        sink="null",
        target=None,
        speed=None,
        span=None,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    )
    ticks = run.world.ticks()
    # The first tick also lists the catalogue and everyone who is inside already.
    run.sink.take(next(ticks))
    events = 0
    with measured() as spent:
        for tick in ticks:
            run.sink.take(tick)
            events += len(tick)
            if events >= _EVENTS:
                break
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"per_cpu": events / spent.cpu_s, "events": events, "rss": rss}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], int(sys.argv[2]))))
