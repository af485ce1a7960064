"""Behaviours in a scenario file: what is wrong with them is told with the value, the rule and the near miss."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.scenario_file import ScenarioError, load
from sim.testing import busy_scenario


def told(tmp_path: Path, **changes: Any) -> str:
    """What is said of a scenario whose audience is changed."""
    tree = busy_scenario().model_dump(mode="json", exclude_none=True)
    tree["audience"] |= changes
    file = tmp_path / "mine.yaml"
    with file.open("w", encoding="utf-8") as out:
        YAML(typ="safe").dump(tree, out)
    with pytest.raises(ScenarioError) as raised:
        load(str(file))
    return str(raised.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"leaving": {"kind": "logistic_hazard", "bordom": 1}},
            ["audience.leaving.bordom: unknown key 'bordom'", "Did you mean 'boredom'?"],
        ),
        (
            {"watching_of": {"film": {"kind": "weibull", "scael": 1}}},
            ["audience.watching_of.film.scael: unknown key", "Did you mean 'scale'?"],
        ),
        ({"watching_of": {"flim": {"kind": "weibull"}}}, ["unknown format 'flim'", "Did you mean 'film'?"]),
        ({"hurry": {"phnoe": 2}}, ["unknown device 'phnoe'", "Did you mean 'phone'?"]),
        (
            {"experience": {"kind": "startup_and_stalls", "devices": {"tvv": 2}}},
            ["unknown device 'tvv'", "Did you mean 'tv'?"],
        ),
        ({"repeating": {"kind": "recency_kernal"}}, ["unknown repeating", "Did you mean 'recency_kernel'?"]),
        ({"memory": 0}, ["repeating needs a memory of what was played: set memory to 1 or more"]),
    ],
    ids=lambda case: "-".join(case) if isinstance(case, dict) else None,
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], words: list[str]) -> None:
    message = told(tmp_path, **changes)
    for word in words:
        assert word in message
