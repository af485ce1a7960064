"""What the page's buttons ask for, against the world that is to do it."""

import re
from importlib.resources import files

import pytest

from sim.pace import Pace
from sim.steering.change import CHANGES
from sim.testing import tiny_scenario
from sim.world import World

SOURCE = (files("streams.watch.page") / "static" / "panels" / "steer.js").read_text()


def choices(name: str) -> list[str]:
    (block,) = re.findall(rf"const {name} = {{(.*?)}};", SOURCE, re.DOTALL)
    return re.findall(r"(?:^|[,\s])(\w+|[\d.]+): ", block)


CAMPAIGN = {"name": "page-x", "accounts": 30, "every": "15m"}
SHIFT = {"kind": "sudden", "name": "page-x", "factor": 2}
CHANGES_ASKED: list[dict[str, object]] = [
    *({"kind": "campaign", "campaign": {"kind": kind, **CAMPAIGN}} for kind in choices("CAMPAIGNS")),
    *({"kind": "shift", "shift": {"dial": dial, **SHIFT}} for dial in choices("SHIFTS")),
    *({"kind": "speed", "speed": "max" if speed == "max" else float(speed)} for speed in choices("SPEEDS")),
    {"kind": "dial", "dial": "arrivals", "factor": 2 / 3},
    {"kind": "pause"},
    {"kind": "resume"},
]


def test_choices_are_found() -> None:
    assert len(choices("CAMPAIGNS")) >= 5
    assert len(choices("SHIFTS")) >= 5
    assert "max" in choices("SPEEDS")


@pytest.mark.parametrize("change", CHANGES_ASKED, ids=str)
def test_every_button_asks_for_something_that_a_world_can_do(change: dict[str, object]) -> None:
    scenario = tiny_scenario()
    world = World(scenario, pace=Pace.of(scenario))
    world.steer(CHANGES.parse({"at": scenario.start_ms + 3_600_000, **change}))
