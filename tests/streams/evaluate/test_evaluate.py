"""Evaluation of a log: the recommender that wrote it gets its own figures back, another one gets its due."""

import json
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from sim.durations import HOUR
from sim.pace import Pace
from sim.scenario_file import load
from streams.commands.evaluate import evaluate
from streams.commands.publishing import assembled
from streams.evaluate.log import Log
from streams.evaluate.replay import verdict_on
from streams.evaluate.slates import logged_slates

SERVED = "{kind: item_knn, panel: 200, explore: 0.5}"
CHANGES = {"audience.viewers": 1200, "catalog.items": 120, "catalog.births_per_day": 0, "audience.slate": 4}
SET = [f"{name}={value}" for name, value in CHANGES.items()] + [f"recommender={SERVED}"]


def scenario(**recommender: Any) -> Any:
    given = {"kind": "item_knn", "panel": 200, "explore": 0.5}
    return load("video_service", {**CHANGES, "recommender": recommender or given})


@pytest.fixture(scope="module", params=["parquet", "jsonl"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp(request.param)
    chosen = scenario()
    assembled(
        chosen,
        Pace.of(chosen),
        (0, 1),
        sink=f"{request.param}:{out}",
        target=None,
        speed=None,
        span=8 * HOUR,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    ).play()
    return out


def told(folder: Path, *options: str) -> dict[str, Any]:
    program = typer.Typer()
    program.command()(evaluate)
    changes = [word for change in SET for word in ("--set", change)]
    given = [str(folder), "--scenario", "video_service", *changes, *options, "--json"]
    done = CliRunner().invoke(program, given, catch_exceptions=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_recommender_that_served_is_given_back_its_own_probabilities(folder: Path) -> None:
    chosen = scenario()
    slates = logged_slates(Log.read(folder), chosen, "picks")
    assert len(slates) > 500
    assert (slates.requests.recent >= 0).any()
    target = verdict_on(chosen, slates, Pace.of(chosen)).target
    same = np.isclose(target, slates.propensity, rtol=1e-3, atol=2e-6).all(axis=1)
    # Of what was searched for and never started, the log does not tell.
    assert same.mean() > 0.97


def test_its_own_log_is_worth_what_it_earned(folder: Path) -> None:
    found = told(folder, "--recommender", SERVED)
    assert found["served_by"] == [found["judged"]] == ["item_knn"]
    assert found["mean_weight"] == pytest.approx(1, abs=0.03)
    for estimate in found["estimates"].values():
        assert estimate["value"] == pytest.approx(found["logged"]["value"], rel=0.05)


def test_a_recommender_at_random_is_worth_less_and_watching_is_counted_in_seconds(folder: Path) -> None:
    chance = told(folder, "--recommender", "random")
    assert chance["estimates"]["snips"]["value"] < 0.8 * chance["logged"]["value"]
    watched = told(folder, "--recommender", "random", "--reward", "watch_seconds")
    assert watched["logged"]["value"] > 100 * chance["logged"]["value"]


def test_what_is_wrong_is_said(folder: Path, tmp_path: Path) -> None:
    from streams.exits import UsageError

    for options, words in (
        (("--recommender", "randm"), "Did you mean 'random'"),
        (("--recommender", "random", "--reward", "joy"), "must be picks or watch_seconds"),
        (("--recommender", "random", "--set", "audience.slate=5"), "no slate of 5 items"),
    ):
        with pytest.raises(UsageError, match=words):
            told(folder, *options)
    with pytest.raises(UsageError, match="no such file"):
        told(tmp_path, "--recommender", "random")
