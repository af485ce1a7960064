"""Responding: viewers who answer slates of ten in memory, beside what other simulators reach.

A response is all that the audience's step does for a slate but write it down: its request (random bits, what was
played last), the recommender's slate of ten with propensities, ten utilities (taste of eight dimensions), and the
choice by multinomial logit with position bias. Each recommender chooses the ten from fifty candidates in its own way.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.figure import Figure

_ROUNDS = 7
_BATCH = 4096
_BATCHES = 64
_VIEWERS = _BATCH * _BATCHES

# User-slate responses a second on a machine of the same kind, best case each; RecSim NG shows slates of two.
PEERS = {"RecSim NG (slates of 2)": 1_050_000, "SARDINE": 16_900, "RecSim": 12_300}

RECOMMENDERS: dict[str, dict[str, Any]] = {
    # Every viewer's own ranking of fifty candidates, folded in from what was played last, with exploration.
    "personal": {"kind": "implicit_mf", "candidates": 50},
    # Slates sampled from the posterior of a region's fifty candidates.
    "sampled": {"kind": "thompson", "pool": 50},
    # A catalogue of fifty items, each rank drawn from its own band.
    "popular": {"kind": "popularity"},
}


def figures() -> Iterator[Figure]:
    """Responses a second of CPU on one core, best of some rounds, by recommender."""
    for name in RECOMMENDERS:
        rate = _child(name)
        for peer, reached in PEERS.items() if name == "personal" else list(PEERS.items())[:1]:
            ratio, to = rate / reached, f"{peer} as measured before, {reached:,}/s"
            yield Figure(f"slate_responses_{name}", rate, "responses/CPU-s", to, ratio, ">= 1000000")


def _child(name: str) -> float:
    command = [sys.executable, "-m", "bench.responding", name]
    # Two threads would multiply small matrices twenty times slower than one.
    environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    rate: float = json.loads(done.stdout)
    return rate


def _measure(name: str) -> float:
    import numpy as np

    from sim.pace import Pace
    from sim.scenario_file import load
    from sim.world import World

    items = 50 if name == "popular" else 5000
    changes = {
        "audience.viewers": _VIEWERS,
        "audience.slate": 10,
        "catalog.items": items,
        "catalog.launches": [],
    }
    chosen = load("video_service", {**changes, "recommender": RECOMMENDERS[name]})
    sessions = World(chosen, pace=Pace(span=300_000)).cohort.sessions
    rng = np.random.default_rng(1)
    for _ in range(sessions.memory.size):
        rows = np.flatnonzero(rng.random(_VIEWERS) < 0.8)
        sessions.memory.keep(rows, rng.integers(0, items, len(rows)))
    best = float("inf")
    for turn in range(_ROUNDS):
        begun = time.process_time()
        for batch in range(_BATCHES):
            row = np.arange(batch * _BATCH, (batch + 1) * _BATCH)
            still = np.full(_BATCH, turn)
            walk = {"row": row, "at": np.full(_BATCH, chosen.start_ms), "session": still, "slate": still}
            walk |= sessions.mood.fresh(_BATCH)
            asked = sessions.requests(walk)
            slates = sessions.policy.answer(asked)
            sessions._picked(walk, slates.items, asked.bits)
        best = min(best, time.process_time() - begun)
    return _VIEWERS / best


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
