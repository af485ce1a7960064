"""The contrast of a log's policies: the design is recognised, figures are those of the records, wrong asks are told."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from sim.durations import HOUR
from sim.pace import Pace
from sim.scenario_file import load
from streams.commands.evaluate import evaluate
from streams.commands.publishing import assembled
from streams.exits import UsageError

SMALL = {
    "audience.viewers": 1500,
    "catalog.items": 150,
    "catalog.births_per_day": 0,
    "audience.slate": 6,
    "audience.returning": {"kind": "weibull_gaps", "k": 0.7, "mean": "4h"},
}
BY_CHANCE: dict[str, Any] = {"kind": "random"}
BY_CHARTS: dict[str, Any] = {"kind": "popularity"}


def logged(folder: Path, recommender: dict[str, Any]) -> Path:
    chosen = load("video_service", {**SMALL, "recommender": recommender})
    assembled(
        chosen,
        Pace.of(chosen),
        (0, 1),
        sink=f"jsonl:{folder}",
        target=None,
        speed=None,
        span=8 * HOUR,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    ).play()
    return folder


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    arms = {"new": {"recommender": BY_CHARTS}, "old": {"recommender": BY_CHANCE}}
    return logged(tmp_path_factory.mktemp("ab"), {"kind": "ab_test", "arms": arms})


@pytest.fixture(scope="module")
def interleaved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    both = {"first": BY_CHANCE, "second": BY_CHARTS}
    return logged(tmp_path_factory.mktemp("teams"), {"kind": "interleaving", **both})


def asked(folder: Path, *options: str) -> str:
    program = typer.Typer()
    program.command()(evaluate)
    return CliRunner().invoke(program, [str(folder), *options], catch_exceptions=False).stdout


def figures(folder: Path, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked(folder, *options, "--json"))
    return found


def records(folder: Path, kind: str) -> list[dict[str, Any]]:
    lines = map(json.loads, (folder / "journeys.jsonl").read_text("utf-8").splitlines())
    return [line for line in lines if line["kind"] == kind]


def test_an_ab_test_is_counted_as_its_records_say_and_its_lift_is_told(tested: Path) -> None:
    found = figures(tested, "--control", "old")
    assert found["design"] == "ab_test"
    assert set(found["policies"]) == {"old", "new"}
    arm_of: dict[str, str] = {}
    slates: dict[str, set[str]] = defaultdict(set)
    sessions: dict[str, set[str]] = defaultdict(set)
    for shown in records(tested, "impression"):
        assert arm_of.setdefault(shown["user_id"], shown["policy"]) == shown["policy"]
        slates[shown["policy"]].add(shown["slate_id"])
        sessions[shown["policy"]].add(shown["session_id"])
    # A pick from a slate that was shown before the log begins is nobody's.
    known = set().union(*slates.values())
    picks = Counter(
        arm_of[pick["user_id"]] for pick in records(tested, "select") if pick["slate_id"] in known
    )
    for arm, row in found["policies"].items():
        viewers = sum(other == arm for other in arm_of.values())
        assert (row["viewers"], row["slates"], row["picks"]) == (viewers, len(slates[arm]), picks[arm])
        assert row["picks_per_slate"]["value"] == pytest.approx(picks[arm] / len(slates[arm]))
        assert row["sessions_per_viewer"]["value"] == pytest.approx(len(sessions[arm]) / viewers)
        assert row["ctr"]["low"] < row["ctr"]["value"] < row["ctr"]["high"]
    lift = found["lift"]["new"]
    assert found["control"] == "old"
    assert lift["picks_per_slate"]["relative"]["low"] > 0
    rates = [picks[arm] / len(slates[arm]) for arm in ("new", "old")]
    assert lift["picks_per_slate"]["relative"]["value"] == pytest.approx(rates[0] / rates[1] - 1)
    assert lift["picks_per_slate"]["p_value"] < 1e-6
    assert "new over old" in asked(tested, "--control", "old")


def test_the_watched_time_is_that_of_the_picks(tested: Path) -> None:
    found = figures(tested)["policies"]
    total = sum(row["watch_seconds_per_viewer"]["value"] * row["viewers"] for row in found.values())
    ends = sum(end["watched_ms"] for kind in ("skip", "abandon", "complete") for end in records(tested, kind))
    # What was searched for, resumed or began before the log is in the records, but no slate's doing.
    assert 0.5 * ends < total * 1000 <= ends


def test_interleaving_tells_whom_viewers_prefer(interleaved: Path) -> None:
    found = figures(interleaved)
    assert found["design"] == "interleaving"
    team = {
        (shown["slate_id"], shown["item_id"]): shown["policy"] for shown in records(interleaved, "impression")
    }
    credit: dict[str, Counter[str]] = defaultdict(Counter)
    for pick in records(interleaved, "select"):
        if (pick["slate_id"], pick["item_id"]) in team:
            credit[pick["user_id"]][team[pick["slate_id"], pick["item_id"]]] += 1
    won = [
        (won["second.popularity"] > won["first.random"])
        + (won["second.popularity"] == won["first.random"]) / 2
        for won in credit.values()
    ]
    preferred = found["preference"]
    assert (preferred["for"], preferred["over"]) == ("second.popularity", "first.random")
    assert preferred["viewers"] == len(won)
    assert preferred["value"] == pytest.approx(sum(won) / len(won) - 0.5)
    assert preferred["low"] > 0
    assert "second.popularity is preferred" in asked(interleaved)
    other = figures(interleaved, "--control", "second.popularity")["preference"]
    assert other["value"] == pytest.approx(-preferred["value"])


def test_policies_that_take_turns_are_told_and_not_compared(tmp_path: Path) -> None:
    outage = {"kind": "outage", "at": "2h", "lasts": "2h", "recommender": BY_CHARTS, "fallback": BY_CHANCE}
    found = figures(logged(tmp_path, outage))
    assert found["design"] == "turns"
    assert set(found["policies"]) == {"popularity", "fallback.random"}
    assert not {"lift", "preference"} & set(found)
    assert "not their doing alone" in asked(tmp_path)


def test_what_is_wrong_is_said(tested: Path, tmp_path: Path) -> None:
    scenario = ("--scenario", "video_service")
    judge = (*scenario, "--viewers", "1500", "--recommender")
    for options, words in (
        (("--control", "odl"), "served no slate of the log; it has: new, old"),
        (("--recommender", "random"), "needs --scenario"),
        (scenario, "add --recommender"),
        (("--seed", "0"), "add --recommender"),
        ((*judge, "random", "--control", "old"), "leave --recommender away"),
        ((*judge, "http", "--set", "audience.slate=6"), "does not tell probabilities"),
        ((*judge, "{kind: item_knn, explroe: 1}"), "Did you mean 'explore'"),
        ((*judge, "{kind: item_knn, explore: 3}"), "explore = 3: input should be less than or equal to 1"),
        ((*judge, "[1"), "is not YAML"),
    ):
        with pytest.raises(UsageError, match=words):
            asked(tested, *options)
    with pytest.raises(UsageError, match="no such file"):
        asked(tmp_path)


def test_a_log_that_shows_too_little_is_told(tested: Path) -> None:
    changes = [f"{name}={json.dumps(value)}" for name, value in SMALL.items()]
    options = [word for change in changes for word in ("--set", change)]
    said = asked(tested, "--scenario", "video_service", *options, "--recommender", "thompson")
    assert "served by new, old" in said
    assert "do not rely on these intervals" in said
