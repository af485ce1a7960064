"""Scenario files: what ships is valid, and what is wrong is told with file, line, value, rule and near miss."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from sim.names import UnknownNameError
from sim.scenario import Scenario
from sim.scenario_file import ScenarioError, load, place_of, shipped, source_of
from sim.testing import tiny_scenario

MINIMAL = """\
# A comment, so that lines are not what they seem.
name: mine

audience:
  viewers: 500
  regions:
    north: {share: 1, utc_offset: 0, languages: {en: 1}}
  devices:
    tv: 1
  talk:
    comment: 0.1

catalog:
  items: 50
  genres: {drama: 1}
  formats:
    film: {median: 40m}
campaigns:
  - kind: copy_paste
    name: it
    operators:
      - kind: leet
        strength: 0.5
shifts:
  - {kind: sudden, name: turn, dial: talk, at: 1h, factor: 2}
media:
  - topic: catalog
    kinds: [born]
    generator: key_art
    params: {title: $title}
"""


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def test_the_minimal_file_is_valid(tmp_path: Path) -> None:
    assert load(written(tmp_path, MINIMAL)).audience.viewers == 500


WRONG: dict[str, tuple[str, str, int, list[str]]] = {
    # what: (text, its replacement, line of the complaint, what it must say)
    "unknown key": (
        "  viewers: 500",
        "  viewrs: 500",
        5,
        ["audience.viewrs: unknown key 'viewrs'", "Did you mean 'viewers'?"],
    ),
    "unknown key within a list": (
        "    name: it",
        "    nmae: it",
        20,
        ["campaigns.0.nmae: unknown key", "Did you mean 'name'?"],
    ),
    "unknown key in a plug-in": (
        "        strength: 0.5",
        "        strenght: 0.5",
        23,
        ["campaigns.0.operators.0.strenght: unknown key", "Did you mean 'strength'?"],
    ),
    "unknown key in a region": (
        "utc_offset: 0",
        "utc_ofset: 0",
        7,
        ["unknown key 'utc_ofset'", "Did you mean 'utc_offset'?"],
    ),
    "unknown key at the top": (
        "shifts:",
        "shift:",
        24,
        ["shift: unknown key 'shift'", "Did you mean 'shifts'?"],
    ),
    "missing key": (
        "  items: 50\n  genres: {drama: 1}\n",
        "  items: 50\n",
        13,
        ["catalog.genres: missing; add it"],
    ),
    "wrong type": (
        "viewers: 500",
        "viewers: many",
        5,
        ["audience.viewers = 'many': input should be a valid integer"],
    ),
    "wrong duration": (
        "median: 40m",
        "median: 40 minutes",
        17,
        ["'40 minutes'", "is not a duration; write a number and a unit"],
    ),
    "impossible rate": (
        "comment: 0.1",
        "comment: 1.1",
        11,
        ["audience.talk.comment = 1.1", "less than or equal to 1"],
    ),
    "negative number": ("items: 50", "items: -50", 14, ["catalog.items = -50", "greater than or equal to 1"]),
    "infinite number": ("factor: 2", "factor: .inf", 25, ["shifts.0.factor = inf", "finite"]),
    "no number": ("share: 1", "share: .nan", 7, ["audience.regions.north.share = nan"]),
    "unknown plug-in": ("kind: leet", "kind: leat", 22, ["unknown operator 'leat'", "Did you mean 'leet'?"]),
    "plug-in without kind": (
        "  - kind: copy_paste\n    name: it",
        "  - name: it",
        19,
        ["campaign", "must be a mapping with 'kind'", "copy_paste"],
    ),
    "unknown dial": ("dial: talk", "dial: tlak", 25, ["shifts.0.dial = 'tlak'", "Did you mean 'talk'?"]),
    "unknown policy": (
        "    name: it",
        "    name: it\n    policy: scm",
        21,
        ["unknown policy 'scm'", "Did you mean 'scam'?"],
    ),
    "language that nobody speaks": (
        "    name: it",
        "    name: it\n    language: tr",
        21,
        ["campaigns.0.language = 'tr'", "unknown language of the audience", "known: en"],
    ),
    "unknown event kind": (
        "kinds: [born]",
        "kinds: [borm]",
        27,
        ["unknown catalog record 'borm'", "Did you mean 'born'?"],
    ),
    "unknown field of an event": (
        "$title",
        "$titel",
        27,
        ["unknown field of the event '$titel'", "Did you mean '$title'?"],
    ),
    "shares of nothing": (
        "genres: {drama: 1}",
        "genres: {drama: 0}",
        15,
        ["catalog.genres", "one must be above 0"],
    ),
    "slate larger than the catalogue": (
        "items: 50",
        "items: 5",
        4,
        ["audience.slate = 16", "the catalogue has 5"],
    ),
    "blocks beyond number": (
        "viewers: 500",
        "viewers: 9000000\n  block: 16",
        6,
        ["audience.block = 16", "9000000 viewers are more than 65000 blocks"],
    ),
    "name twice": (
        "shifts:\n",
        "shifts:\n  - {kind: sudden, name: turn, dial: talk, at: 2h, factor: 2}\n",
        24,
        ["name 'turn' is used twice"],
    ),
    "start before the time of records": (
        "name: mine",
        "name: mine\nstart: 1999-01-01",
        3,
        ["start", "greater than or equal to 2002"],
    ),
    "start that is no time": ("name: mine", "name: mine\nstart: yesterday", 3, ["start = 'yesterday'"]),
    "not a mapping": (MINIMAL, "- a\n- b\n", 1, ["a scenario is a mapping of names to values"]),
    "not YAML": ("  devices:", "  devices: ]", 8, ["not YAML"]),
    "the same key twice": (
        "  viewers: 500",
        "  viewers: 500\n  viewers: 600",
        6,
        ["not YAML", "duplicate key"],
    ),
    "empty": (MINIMAL, "", 1, ["a scenario is a mapping"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told(what: str, tmp_path: Path) -> None:
    old, new, line, words = WRONG[what]
    assert MINIMAL.count(old) == 1
    file = written(tmp_path, MINIMAL.replace(old, new))
    with pytest.raises(ScenarioError) as told:
        load(file)
    message = str(told.value)
    assert f"{file}:{line}: " in message
    for word in words:
        assert word in message
    assert "pydantic" not in message
    assert "Value error" not in message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = (
        MINIMAL.replace("viewers: 500", "viewers: 0")
        .replace("comment: 0.1", "comment: -1")
        .replace("at: 1h", "at: soon")
    )
    with pytest.raises(ScenarioError) as told:
        load(written(tmp_path, text))
    assert len(str(told.value).splitlines()) == 3


def test_launches_leave_enough_for_a_slate() -> None:
    catalog = tiny_scenario().catalog.model_dump() | {"items": 20}
    catalog["launches"] = [{"region": "south", "at": "1h", "items": 5}]
    with pytest.raises(ValueError, match=r"the catalogue has 20, of which launches hold 5 back in south"):
        tiny_scenario(catalog=catalog)
    catalog["launches"][0] |= {"region": "sout", "items": 1}
    with pytest.raises(ValueError, match=r"unknown region 'sout'.*Did you mean 'south'"):
        tiny_scenario(catalog=catalog)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nothing\.yaml: cannot be read: No such file"):
        load(str(tmp_path / "nothing.yaml"))
    with pytest.raises(
        UnknownNameError, match=r"unknown scenario 'short_vidoe'; .* Did you mean 'short_video'"
    ):
        load("short_vidoe")
    with pytest.raises(ScenarioError, match="cannot be read: Is a directory"):
        load(str(tmp_path))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00name: a")
    with pytest.raises(ScenarioError, match=r"bytes\.yaml: cannot be read"):
        load(str(tmp_path / "bytes.yaml"))


def test_values_are_replaced_by_their_path(tmp_path: Path) -> None:
    file = written(tmp_path, MINIMAL)
    changes = {
        "audience.viewers": 9,
        "campaigns.0.accounts": 3,
        "catalog.formats.clip": {"median": "5s"},
        "seed": 4,
    }
    changed = load(file, changes)
    assert (changed.audience.viewers, changed.seed) == (9, 4)
    assert changed.campaigns[0].accounts == 3  # type: ignore[attr-defined]
    assert set(changed.catalog.formats) == {"film", "clip"}
    assert load(file, {"audience.arrivals.weekly": [1] * 7}).audience.arrivals.weekly == (1,) * 7
    for path in ("name.first", "campaigns.7.accounts", "campaigns.first.accounts", "seed.x.y"):
        with pytest.raises(ScenarioError):
            load(file, {path: 1})


def test_a_later_reader_can_say_where_a_value_stands(tmp_path: Path) -> None:
    file = written(tmp_path, MINIMAL)
    assert place_of(file, ("media", 0, "generator")) == f"{file}:29"
    assert place_of(file, ("media", 0, "params", "title")) == f"{file}:30"
    assert place_of(file, ("catalog", "launches", 0)) == f"{file}:13"


@pytest.mark.parametrize(
    ("start", "meant"),
    [
        ("2026-01-05T16:00:00Z", datetime(2026, 1, 5, 16, tzinfo=UTC)),
        ("2026-01-05T16:00:00+02:00", datetime(2026, 1, 5, 14, tzinfo=UTC)),
        ("2026-01-05 16:00:00", datetime(2026, 1, 5, 16, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
        ('"2026-01-05T16:00:00"', datetime(2026, 1, 5, 16, tzinfo=UTC)),
    ],
)
def test_times_are_utc_unless_they_say_otherwise(start: str, meant: datetime, tmp_path: Path) -> None:
    file = written(tmp_path, MINIMAL + f"start: {start}\n")
    assert load(file).start_ms == meant.timestamp() * 1000
    script = f"from sim.scenario_file import load; print(load({file!r}).start_ms)"
    elsewhere = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(elsewhere.stdout) == meant.timestamp() * 1000


def plain(value: Any) -> Any:
    """What JSON would hold of a YAML tree."""
    return json.loads(json.dumps(value, default=lambda time: time.isoformat()))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = Scenario.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", shipped())
def test_the_schema_allows_what_ships(name: str, validator: jsonschema.Draft202012Validator) -> None:
    tree = plain(YAML(typ="safe", pure=True).load(source_of(name)[1]))
    assert not [error.message for error in validator.iter_errors(tree)]


SEEN_BY_THE_SCHEMA = (
    *("unknown key", "unknown key in a plug-in", "missing key", "wrong type", "impossible rate"),
    *("unknown plug-in", "unknown dial", "negative number", "not a mapping"),
)


@pytest.mark.parametrize("what", SEEN_BY_THE_SCHEMA)
def test_the_schema_refuses_what_is_wrong(what: str, validator: jsonschema.Draft202012Validator) -> None:
    old, new, *_ = WRONG[what]
    assert not list(validator.iter_errors(plain(YAML(typ="safe", pure=True).load(MINIMAL))))
    assert list(validator.iter_errors(plain(YAML(typ="safe", pure=True).load(MINIMAL.replace(old, new)))))


SERVICES = ("music_service", "short_video", "video_service")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_ships_has_something_of_everything(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.about
    assert scenario.campaigns
    assert all(campaign.operators for campaign in scenario.campaigns)  # type: ignore[attr-defined]
    assert scenario.shifts
    assert all(shift.features for shift in scenario.shifts)
    assert scenario.catalog.launches
    assert {rule.generator for rule in scenario.media} == {"key_art", "utterance", "song"}
    assert len(scenario.drift.features) >= 3
    assert all(shift.at > scenario.drift.reference for shift in scenario.shifts)


def test_the_services_ship_beside_others() -> None:
    assert set(SERVICES) <= set(shipped())
