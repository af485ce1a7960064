"""``greenroom scenario`` and refused runs, through the real program."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from sim.mess.mess import MESSES
from sim.scenario_file import shipped, source_of
from streams.cli import application

GREENROOM = [sys.executable, "-m", "streams"]


def told(*arguments: str) -> str:
    """What the program prints, run within this process."""
    result = CliRunner().invoke(application(), ["scenario", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_names_what_ships() -> None:
    assert [line.split()[0] for line in told("list").splitlines()] == list(shipped())
    assert set(json.loads(told("list", "--json"))) == set(shipped())


def test_show_prints_a_file_that_check_accepts(tmp_path: Path) -> None:
    for name in shipped():
        text = told("show", name)
        assert text == source_of(name)[1]
        (tmp_path / "mine.yaml").write_text(text)
        assert told("check", str(tmp_path / "mine.yaml")).endswith(f"valid scenario {name!r}\n")
    assert json.loads(told("check", "short_video", "--json")) == {"scenario": "short_video", "valid": True}


def test_schema_is_a_json_schema() -> None:
    document = json.loads(told("schema"))
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["additionalProperties"] is False


def test_explain_tells_rates_without_a_run() -> None:
    story = json.loads(told("explain", "video_service", "--viewers", "5000", "--json"))
    assert story["viewers"] == 5000
    assert story["total_events_per_s"] > 0
    text = told("explain", "video_service", "--viewers", "5000", "--rate", "2")
    assert "2.00/s" in text.splitlines()[-1]
    assert all(row["kind"] in text for row in story["events_per_s"])


def test_explain_tells_what_is_planted() -> None:
    story = json.loads(told("explain", "rough_weather", "--json"))
    planted = {mess["mess"]: mess for mess in story["mess"]}
    assert set(planted) == set(MESSES.classes())
    journeys = sum(row["events_per_s"] for row in story["events_per_s"] if row["topic"] == "journeys")
    assert planted["dropped"]["events_per_s"] == pytest.approx(0.02 * journeys)
    assert (planted["dropped"]["at_s"], planted["dropped"]["lasts_s"]) == (1800, 300)
    assert planted["bot_burst"]["events_per_s"] == 80
    text = told("explain", "rough_weather")
    assert "planted: bot_burst on journeys, from 0:20:00 for 0:01:00, every 1:00:00: 80 events/s" in text


BAD = {
    "unknown key": ("viewers: 250000", "viewrs: 250000", "unknown key 'viewrs'; known: "),
    "wrong type": ("slate: 16", "slate: wide", "audience.slate = 'wide'"),
    "impossible rate": ("like: 0.05", "like: 5", "audience.reactions.like = 5"),
    "unknown plug-in": ("kind: sudden", "kind: suden", "unknown shift 'suden'; known: "),
    "not YAML": ("devices: {tv", "devices: ]{tv", "not YAML"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_ends_with_64_and_one_message(what: str, tmp_path: Path) -> None:
    old, new, words = BAD[what]
    text = source_of("video_service")[1]
    assert text.count(old) == 1
    file = tmp_path / "bad.yaml"
    file.write_text(text.replace(old, new))
    line = 1 + text[: text.index(old)].count("\n")
    run = subprocess.run(
        [*GREENROOM, "run", str(file), "--sink", "null"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 64
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith(f"greenroom: {file}:{line}: ")
    assert words in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nothing.yaml", "--sink", "null"], "nothing.yaml: cannot be read: No such file"),
        (["scenario", "check", "vidoe_service"], "Did you mean 'video_service'?"),
        (["run", "--shard", "9/4"], "--shard '9/4' must be i/n"),
        (["run", "--sink", "nul"], "unknown sink 'nul'"),
        (["run", "--sink", "null", "--broker", "localhost:1"], "which --sink leaves out"),
        (["run", "--no-such-flag"], "No such option"),
    ],
)
def test_a_bad_command_line_ends_with_64(arguments: list[str], words: str) -> None:
    run = subprocess.run([*GREENROOM, *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 64
    assert words in run.stderr
    assert "Traceback" not in run.stderr
