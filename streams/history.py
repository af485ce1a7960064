"""History: how far in the past a scenario plays, as brokers see it."""

import time
from datetime import timedelta

from sim.scenario import Scenario

__all__ = ["history_of"]

_YEAR = timedelta(days=365)


def history_of(scenario: Scenario) -> timedelta:
    """Wall-clock time since the scenario's simulated start, in whole years, so that it seldom changes.

    Brokers reckon retention from a record's own time, which is simulated: topics must keep records that much longer.
    """
    passed = timedelta(milliseconds=max(0, time.time_ns() // 1_000_000 - scenario.start_ms))
    return -(-passed // _YEAR) * _YEAR
