"""Outcomes against a second computation, which knows nothing of ticks: from the records that a sink wrote."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from sim.audience.personas import Group
from sim.durations import HOUR
from sim.pace import Pace
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from sim.world import World
from streams.commands.publishing import assembled
from streams.loadtest.recommender.exposure import Exposure
from streams.loadtest.recommender.figures import known_figures
from streams.loadtest.recommender.outcomes import Outcomes
from streams.loadtest.thresholds import flattened

SPAN, WINDOW = 10 * HOUR, 25 * 60_000
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Two policies that take turns, of which the second stands for the fallback; two small groups of viewers."""
    outage = {"kind": "outage", "at": "3h", "lasts": "2h", "recommender": {"kind": "popularity"}}
    tiny = tiny_scenario(campaigns=[], shifts=[], recommender={**outage, "fallback": {"kind": "random"}})
    groups = {
        "southern_captions": Group(where={"region": "south", "accessibility": "captions"}, count=40),
        "young_german": Group(where={"language": "de", "age_band": "18-24"}, count=60),
    }
    audience = tiny.audience.model_copy(update={"viewers": 900, "groups": groups})
    return tiny.model_copy(update={"audience": audience})


@pytest.fixture(scope="module")
def told(scenario: Scenario) -> dict[str, Any]:
    world = World(scenario, pace=Pace.of(scenario))
    outcomes = Outcomes(world)
    for tick in world.ticks():
        outcomes.take(tick)
        if tick.end >= world.catalog.start + SPAN:
            break
    return outcomes.summary()


@pytest.fixture(scope="module")
def records(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Records]:
    folder: Path = tmp_path_factory.mktemp("records")
    pace = Pace.of(scenario)
    assembled(
        scenario,
        pace,
        (0, 1),
        sink=f"jsonl:{folder}",
        target=None,
        speed=None,
        span=SPAN,
        backfill=0,
        cloudevents=False,
        stop=Event(),
    ).play()
    found: dict[str, Records] = defaultdict(list)
    for topic in ("journeys", "audience", "catalog"):
        for line in (folder / f"{topic}.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            found[record["kind"]].append(record)
    return found


@pytest.fixture(scope="module")
def served(records: dict[str, Records]) -> Records:
    """Impressions of the service."""
    return [shown for shown in records["impression"] if shown["policy"] == "popularity"]


def picks_of(records: dict[str, Records], served: Records) -> Records:
    slates = {shown["slate_id"] for shown in served}
    return [pick for pick in records["select"] if pick["slate_id"] in slates]


def watched_of(records: dict[str, Records], picks: Records) -> int:
    """Milliseconds watched of picks: of each, the first end of the item in the session after the pick."""
    ends = defaultdict(list)
    for kind in ("skip", "abandon", "complete"):
        for end in records[kind]:
            ends[end["session_id"], end["item_id"]].append((end["occurred_at"], end["watched_ms"]))
    total = 0
    for pick in picks:
        later = [end for end in ends[pick["session_id"], pick["item_id"]] if end[0] >= pick["occurred_at"]]
        total += min(later)[1] if later else 0
    return total


def matches(row: dict[str, Any], shown: Records, picks: Records, watched_ms: int) -> None:
    slates = len({one["slate_id"] for one in shown})
    assert (row["slates"], row["impressions"]) == (slates, len(shown))
    assert row["ctr"] == pytest.approx(len(picks) / len(shown), abs=1e-6)
    assert row["low"] <= row["ctr"] <= row["high"]
    assert row["watch_seconds"] == pytest.approx(watched_ms / 1000 / slates, abs=1e-3)


def test_totals_are_those_of_the_records(
    told: dict[str, Any], records: dict[str, Records], served: Records
) -> None:
    picks = picks_of(records, served)
    assert len(picks) > 300
    matches(told, served, picks, watched_of(records, picks))
    others = [shown for shown in records["impression"] if shown["policy"] == "fallback.random"]
    picked = picks_of(records, others)
    assert len(picked) > 20
    matches(told["fallback"], others, picked, watched_of(records, picked))


def test_every_group_has_its_own(
    scenario: Scenario, told: dict[str, Any], records: dict[str, Records], served: Records
) -> None:
    people = World(scenario, pace=Pace.of(scenario)).cohort.population
    attributes: dict[str, dict[str, str]] = {}
    for row, viewer in enumerate(people.viewer):
        of = {name: words[getattr(people, name)[row]] for name, words in people.words.items()}
        for name, group in scenario.audience.groups.items():
            if group.where.items() <= of.items():
                of["group"] = name
        attributes[f"u{viewer:08d}"] = {"group": "everyone else", **of}
    counted = Counter(of["group"] for of in attributes.values())
    assert (counted["southern_captions"], counted["young_german"]) == (40, 60)
    picks = picks_of(records, served)
    names = {"region", "device", "age_band", "language", "accessibility", "consent", "group"}
    assert set(told["by_group"]) == names
    for dimension in names:
        rows = told["by_group"][dimension]
        assert sum(row["slates"] for row in rows.values()) == told["slates"]
        for name, row in rows.items():
            theirs = [one for one in picks if attributes[one["user_id"]][dimension] == name]
            matches(
                row,
                [one for one in served if attributes[one["user_id"]][dimension] == name],
                theirs,
                watched_of(records, theirs),
            )


def test_cold_start_curves_are_those_of_the_records(
    scenario: Scenario, told: dict[str, Any], records: dict[str, Records], served: Records
) -> None:
    catalog = World(scenario, pace=Pace.of(scenario)).catalog
    since = {f"t{item:07d}": times for item, times in enumerate(catalog.available_from.tolist())}
    home = {row["user_id"]: row["region"] for row in (*records["session_start"], *records["registered"])}
    regions = list(scenario.audience.regions)
    born = {row["item_id"]: row["occurred_at"] for row in records["born"] if row["item_id"] not in since}
    assert len(born) > 10

    def age(one: dict[str, Any]) -> str:
        user, item = one["user_id"], one["item_id"]
        opened = born[item] if item in born else since[item][regions.index(home[user])]
        hours = (one["occurred_at"] - opened) / HOUR
        bounds = {
            1: "<1h",
            6: "1h-6h",
            24: "6h-1d",
            72: "1d-3d",
            168: "3d-7d",
            720: "7d-30d",
            4320: "30d-180d",
        }
        return next((name for bound, name in bounds.items() if hours < bound), "180d+")

    rows = told["cold_start"]["item_age"]
    picks = picks_of(records, served)
    shown, picked = Counter(map(age, served)), Counter(map(age, picks))
    assert shown["<1h"] > 0
    assert set(shown) == set(rows)
    for name, row in rows.items():
        assert row["impressions"] == shown[name]
        assert row["ctr"] == pytest.approx(picked[name] / shown[name], abs=1e-6)

    def visit(one: dict[str, Any]) -> str:
        number = int(one["session_id"].rsplit("-", 1)[1]) + 1
        bounds = {1: "first", 2: "second", 3: "third", 6: "4-6", 11: "7-11"}
        return next((name for bound, name in bounds.items() if number <= bound), "12+")

    visits, picked = Counter(map(visit, served)), Counter(map(visit, picks))
    for name, row in told["cold_start"]["viewer_visit"].items():
        assert row["impressions"] == visits[name]
        assert row["ctr"] == pytest.approx(picked[name] / visits[name], abs=1e-6)


def test_retention_is_that_of_the_records(told: dict[str, Any], records: dict[str, Records]) -> None:
    starts, ends = defaultdict(list), defaultdict(list)
    for kind, times in (("session_start", starts), ("session_end", ends)):
        for row in records[kind]:
            times[row["user_id"]].append(row["occurred_at"])
    every = [at for times in (starts, ends) for ats in times.values() for at in ats]
    within = (max(every) - min(every)) // 2
    left = {user: min(ats) for user, ats in ends.items() if min(ats) <= min(every) + within}
    back = sum(any(at < again <= at + within for again in starts[user]) for user, at in left.items())
    found = told["retention"]
    assert found["viewers"] == len(left) > 100
    assert found["value"] == pytest.approx(back / len(left), abs=1e-6)
    assert found["within_simulated_s"] == pytest.approx(within / 1000)


def gini(counts: list[int]) -> float:
    """The mean difference between two items, over twice the mean: by its definition, pair by pair."""
    given = np.array(counts, dtype=float)
    return float(np.abs(given[:, None] - given).mean() / (2 * given.mean()))


def test_inequality_is_told_window_by_window(
    scenario: Scenario, told: dict[str, Any], records: dict[str, Records], served: Records
) -> None:
    start = scenario.start_ms // Pace.of(scenario).span * Pace.of(scenario).span
    catalog = [(row["item_id"], row["occurred_at"]) for kind in ("listed", "born") for row in records[kind]]
    history = told["popularity_feedback"]
    assert len(history) == SPAN // WINDOW
    compared = 0
    for number, point in enumerate(history):
        begin, end = start + number * WINDOW, start + (number + 1) * WINDOW
        counts = Counter(one["item_id"] for one in served if begin <= one["occurred_at"] < end)
        assert point["impressions"] == counts.total()
        known = {item for item, at in catalog if at <= end}
        if counts and point["items"] == len(known):
            assert point["gini"] == pytest.approx(gini([counts[item] for item in known]), abs=1e-6)
            compared += 1
    assert compared > 10
    # While the fallback stood in, nothing of the service was shown.
    assert None in {point["gini"] for point in history}


def test_windows_are_paired_when_there_are_too_many() -> None:
    rng, items = np.random.default_rng(3), np.arange(30)
    many, few = Exposure(steps=1, keep=8), Exposure(steps=4, keep=100)
    for step in range(24):
        shown = rng.integers(30, size=40)
        for exposure in (many, few):
            exposure.show(shown)
            exposure.step(float(step), items)
    assert len(few.history) == 6
    assert many.history == few.history


def test_a_gate_may_be_set_on_every_figure(scenario: Scenario, told: dict[str, Any]) -> None:
    known = set(known_figures(scenario))
    for name in flattened({"outcomes": {"by_group": told["by_group"]}}):
        assert name.rsplit(".", 1)[0] + ".*" in known
