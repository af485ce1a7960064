"""First sessions that are deeper than others, and items that are picked once."""

import numpy as np

from sim.calibration.chronicle import simulated
from sim.calibration.pairs import distinct_pairs
from sim.durations import DAY
from sim.scenario import Scenario
from sim.testing import tiny_scenario


def changed(**audience: object) -> Scenario:
    tree = tiny_scenario(campaigns=(), shifts=()).model_dump(mode="json")
    tree["audience"] |= audience
    tree["catalog"] |= {"births_per_day": 0}
    return Scenario.model_validate(tree)


def test_a_first_session_has_a_depth_of_its_own() -> None:
    deep = {"kind": "tabulated", "at": [0, 1], "quantiles": [150, 150]}
    usual = {"kind": "tabulated", "at": [0, 1], "quantiles": [3, 3]}
    world = changed(depth=usual, first_depth=deep)
    ends = simulated(world, span=3 * DAY, kinds=("session_end",)).of("session_end")
    first = ends["session_id"] == 0
    assert set(ends["slates"][first]) == {150}
    assert set(ends["slates"][~first]) == {3}


def test_what_is_remembered_is_not_picked_again() -> None:
    often = changed(memory=1000, slate=8)
    once = changed(memory=1000, slate=8, once=True)
    plays, repeats = [], []
    for scenario in (often, once):
        select = simulated(scenario, span=3 * DAY, kinds=("select",)).of("select")
        plays.append(len(select["at"]))
        repeats.append(len(select["at"]) - distinct_pairs(select["user_id"], select["item_id"]))
    assert min(plays) > 500
    assert repeats[0] > 50
    assert repeats[1] == 0
    assert np.isfinite(plays).all()
