"""Drift: what every shipped detector does on sudden shifts of one standard deviation, on quiet days, and its cost."""

from collections.abc import Iterator

from bench.figure import Figure
from streams.watch.drift.detector import DETECTORS
from streams.watch.drift.lab.bench import Outcome, benched, detectors_named
from streams.watch.drift.lab.plan import plan_named
from streams.watch.drift.lab.world import WATCH

_SEEDS = range(1, 4)


def figures() -> Iterator[Figure]:
    """The worst detector of all, then the cost of each; a delay ends with the window that fired."""
    detectors = detectors_named(sorted(DETECTORS.classes()))
    outcomes = list(benched(detectors, [plan_named("sudden")], [1.0], _SEEDS))
    trials = sum(len(outcome.delays or ()) for outcome in outcomes)
    found = sum(delay <= 2 * WATCH.window for outcome in outcomes for delay in outcome.found)
    yield Figure("drift_found_in_two_windows", found, "trials", "all trials", found / trials, ">= 1.0")
    yield Figure("drift_worst_delay", max(map(_worst, outcomes)), "windows", bound="<= 2")
    alarms = max(outcome.quiet.per_day for outcome in outcomes)
    yield Figure("drift_false_alarms", alarms, "a simulated day, worst detector", bound="<= 1")
    for outcome in outcomes:
        yield Figure(f"drift_cost_{outcome.detector}", outcome.quiet.ns_per_event, "CPU-ns/event")


def _worst(outcome: Outcome) -> float:
    """The latest finding, in windows; without end if one was missed."""
    if len(outcome.found) < len(outcome.delays or ()):
        return float("inf")
    return max(outcome.found) / WATCH.window
