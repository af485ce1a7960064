"""Worlds that are dear to simulate, once for all tests."""

import pytest

from sim.durations import DAY
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle


@pytest.fixture(scope="session")
def day() -> Chronicle:
    """A day of the tiny scenario, with more campaigns than it needs."""
    return Chronicle.of(tiny_scenario(), DAY)
