"""The arms race that ships: attackers gain until the defender learns, and disguises cost harmless texts."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[2] / "examples/arms_race/arms_race.py"


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    picture = tmp_path_factory.mktemp("race") / "race.svg"
    ended = subprocess.run(
        [sys.executable, str(PROGRAM), "--epochs", "8", "--every", "4", "--json", "--out", str(picture)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    assert picture.read_text("utf-8").startswith("<?xml")
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    return told


def test_attack_success_rises_until_the_defender_is_retrained_and_falls_after(
    race: list[dict[str, Any]],
) -> None:
    assert [one["retrained"] for one in race] == [False, False, False, True] * 2
    success = [one["success"] for one in race]
    assert max(success[1:4]) > success[0] + 0.05
    assert success[4] < 0.5 * max(success[1:4])


def test_what_disguises_cost_harmless_texts_stands_beside_it(race: list[dict[str, Any]]) -> None:
    for one in race:
        assert one["false_positives"] < 0.05
        assert one["false_positives_disguised"] > one["false_positives"] + 0.1
