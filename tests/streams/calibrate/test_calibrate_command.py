"""``greenroom calibrate``: shipped profiles hold their targets; logs and statistics in, profiles and reports out."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from sim.scenario_file import load
from streams.calibrate.log_file import LogColumns, read_log
from streams.commands.calibrate import calibrate
from streams.exits import FailedChecksError, UsageError
from tests.sim.calibration.logs import known_log

PROGRAM = typer.Typer()
PROGRAM.command()(calibrate)


def told(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(PROGRAM, [*arguments, "--json"], catch_exceptions=False)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("profile", ["film", "clips", "music", "subscription"])
def test_a_shipped_profile_holds_its_published_targets(profile: str) -> None:
    found = told("--check", profile)
    failing = [target for target in found["targets"] if not target["pass"]]
    assert found["passed"] >= 0.9 * found["total"], failing
    assert found["total"] >= 9
    assert all(target["reason"] for target in failing), failing


SMALL = """
about: repeats by hand
check: {span: 2d, tick: 1d, changes: {audience.viewers: 60}}
targets:
  - {name: plays_per_pair, values: {item: 3.0}, source: by hand}
"""


def test_a_search_writes_a_profile_that_holds_and_a_report(tmp_path: Path) -> None:
    stats, out, report = tmp_path / "stats.yaml", tmp_path / "mine.yaml", tmp_path / "fit.html"
    stats.write_text(SMALL)
    search = ("--stats", str(stats), "--base", "music", "--vary", "audience.repeating.share=0.2:0.9")
    found = told(*search, "--budget", "8", "--out", str(out), "--report", str(report))
    assert found["profile"] == "mine"
    assert found["passed"] == 1
    assert load(str(out)).audience.repeating.share == found["changes"]["audience.repeating.share"]  # type: ignore[union-attr]
    assert "<svg" in report.read_text()
    with pytest.raises(FailedChecksError, match="0 of 1"):
        CliRunner().invoke(PROGRAM, ["--check", "film", "--stats", str(stats)], catch_exceptions=False)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ((), "give one of"),
        (("--check", "film", "--logs", "x.csv"), "give one of"),
        (("--stats", "film", "--vary", "audience.taste"), "path=low:high"),
        (("--stats", "film", "--vary", "audience.tast=1:2"), "no such value"),
        (("--stats", "film", "--vary", "audience.taste=2:1"), "must be below"),
        (("--logs", "nowhere.csv"), "cannot be read"),
        (("--logs", "nowhere.xls"), "is a .parquet"),
    ],
)
def test_what_is_wrong_is_told(arguments: tuple[str, ...], rule: str) -> None:
    with pytest.raises(UsageError, match=rule):
        CliRunner().invoke(PROGRAM, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize(
    ("rows", "columns", "rule"),
    [
        ("usr,item,time\n1,1,5\n", LogColumns(), "no column 'user' for user.*Did you mean 'usr'"),
        ("user,item,time\n1,1,5\n2,1,noon\n", LogColumns(), "row 3, column 'time' = 'noon'"),
        ("user,item,time\n1,,5\n", LogColumns(), "row 2, column 'item': is empty"),
        (
            "user,item,time,stars\n1,1,5,good\n",
            LogColumns(rating="stars"),
            "column 'stars' = 'good': is not a number",
        ),
        ("user,item,time\n1,1,5\n", LogColumns(), "1 users; a fit and its check need at least"),
        ("user,item,time,what\n1,1,5,play\n", LogColumns(event="what", keep=("plai",)), "no event is plai"),
    ],
)
def test_a_wrong_log_is_told_by_column_and_row(
    rows: str, columns: LogColumns, rule: str, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    file.write_text(rows)
    with pytest.raises(UsageError, match=rule):
        read_log(file, columns)


def test_times_are_read_in_every_form(tmp_path: Path) -> None:
    users, day = [f"u{n}" for n in range(50)], 1_767_225_600
    forms = {"s": [day] * 50, "ms": [day * 1000] * 50, "iso": ["2026-01-01T00:00:00Z"] * 50}
    for name, times in forms.items():
        file = tmp_path / f"{name}.parquet"
        pl.DataFrame({"user": users, "item": ["x"] * 50, "time": times}).write_parquet(file)
        assert read_log(file, LogColumns()).at.tolist() == [day * 1000] * 50, name


def test_a_log_becomes_a_profile_that_can_be_played(tmp_path: Path) -> None:
    log, file = known_log(), tmp_path / "plays.parquet"
    out, report = tmp_path / "fit.yaml", tmp_path / "fit.html"
    pl.DataFrame(
        {"who": log.user, "what": log.item, "when": log.at, "seen": log.extra["watch_s"]}
    ).write_parquet(file)
    columns = ("--user", "who", "--item", "what", "--time", "when", "--watch", "seen")
    found = told("--logs", str(file), *columns, "--budget", "2", "--out", str(out), "--report", str(report))
    assert {"c2st_auc", "c2st_auc_real", "tstr_over_trtr", "kendall_tau", "privacy"} <= set(found)
    assert found["privacy"]["copied_rows"] == 0
    assert load(str(out)).name == "fit"
    assert "Kendall" in report.read_text()
