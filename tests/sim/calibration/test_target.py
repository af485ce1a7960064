"""Targets: tolerances, verdicts, and files that are wrong."""

from pathlib import Path

import pytest

from sim.calibration.shipped import TargetsError, profiles, target_set
from sim.calibration.target import TargetSet, held
from sim.names import UnknownNameError
from sim.scenario_file import load, shipped
from tests.sim.calibration.chronicles import chronicle, plays

REPEATS = {"name": "repeat_share", "values": {"item": 0.2, "creator": 0.9}, "source": "by hand"}


def of(*targets: dict[str, object]) -> TargetSet:
    return TargetSet.model_validate({"targets": targets})


def test_shares_are_near_within_three_hundredths_and_numbers_within_a_tenth() -> None:
    share, number = of(
        REPEATS, {"name": "plays_per_pair", "values": {"item": 4}, "source": "by hand"}
    ).targets
    assert share.allowed(0.2) == 0.03
    assert share.allowed(0.9) == pytest.approx(0.09)
    assert number.allowed(4) == pytest.approx(0.4)
    own = of({**REPEATS, "tolerance": {"relative": 0.5, "absolute": 0.01}}).targets[0]
    assert own.allowed(0.2) == pytest.approx(0.1)


def test_every_number_gets_a_verdict() -> None:
    world = chronicle(play=plays([1, 1, 1, 2], [3, 3, 4, 3]))
    verdicts = of({**REPEATS, "reasons": {"creator": "few creators"}}).judged(world)
    assert [(v.name, v.simulated, v.passed) for v in verdicts] == [
        ("repeat_share.item", 0.25, False),
        ("repeat_share.creator", 0.5, False),
    ]
    assert verdicts[1].as_json()["reason"] == "few creators"
    assert held(verdicts) == 0
    assert (
        held(of({"name": "repeat_share", "values": {"item": 0.26}, "source": "by hand"}).judged(world)) == 1
    )


def test_a_number_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no number 'artist'; it has: item, creator"):
        of({**REPEATS, "values": {"artist": 1}}).judged(chronicle(play=plays([1], [1])))


def test_nothing_simulated_is_no_pass() -> None:
    assert not of(REPEATS).judged(chronicle())[0].passed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("targets: [", "not YAML"),
        ("targets: []", "targets"),
        ("targets: [{name: repeat_share, value: 1}]", "source"),
        ("targets: [{name: repeat_shar, value: 1, source: by hand}]", "repeat_share"),
        ("targets: [{name: item_gini, value: 1, values: {a: 1}, source: by hand}]", "exclude each other"),
        ("targets: [{name: item_gini, value: 1, source: abc}]\nvary: {a.b: [2, 1]}", "must rise"),
    ],
)
def test_a_wrong_file_is_told_by_name_and_place(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises((TargetsError, UnknownNameError), match=told) as raised:
        target_set(str(file))
    assert told in str(raised.value)


def test_every_shipped_profile_is_a_scenario_with_sources() -> None:
    assert set(profiles()) >= {"film", "clips", "music", "subscription"}
    assert set(profiles()) <= set(shipped())
    for name in profiles():
        targets = target_set(name)
        load(name, targets.check.changes)
        assert all(len(target.source) > 10 for target in targets.targets)
