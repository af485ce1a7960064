"""What violates changes at a known time: labels follow at once, verdicts when they have learnt, and truth says so."""

from functools import cache
from typing import Any

import pytest

from sim.adversaries.composer import composed
from sim.adversaries.rulebook import PolicyChange, Rulebook
from sim.durations import HOUR, MINUTE
from sim.scenario import Scenario
from sim.scenario_file import ScenarioError, load
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

STRICT = {
    "name": "no_quotes",
    "at": "90m",
    "policy": "hate",
    "function": "counterspeech_quote",
    "violating": True,
}
LENIENT = {"name": "lawful", "at": "100m", "policy": "hate", "function": "derogation", "violating": False}
AGAIN = {
    "name": "quotes_again",
    "at": "150m",
    "policy": "hate",
    "function": "counterspeech_quote",
    "violating": False,
}
SPAN = 3 * HOUR


def scenario(*calendar: dict[str, Any], **changes: Any) -> Scenario:
    wild = {"policies": [{"kind": "hate", "prevalence": 0.5, "hard_negatives": 1}], "tiers": {"T1": 1}}
    people = tiny_scenario().audience.model_dump() | {
        "talk": {"comment": 1, "live_chat": 1, "post": 0, "upload": 0, "moderation": wild}
    }
    quiet = {"campaigns": [], "shifts": [], "media": []}
    return tiny_scenario(audience=people, policy_calendar=calendar, **quiet, **changes)


@cache
def told(shard: tuple[int, int] = (0, 1)) -> Chronicle:
    return Chronicle.of(scenario(STRICT, LENIENT, AGAIN), SPAN, shard=shard)


def violating(function: str, story: Chronicle) -> list[tuple[int, bool]]:
    """When the texts of a function were posted, since the beginning, and whether they violated."""
    labels = story.kind("truth", "label")
    rows = labels.to_dicts()
    return [(row["at"] - story.start, row["violating"]) for row in rows if row["function"] == function]


def test_a_hard_negative_violates_from_the_change_on_and_until_the_next() -> None:
    found = violating("counterspeech_quote", told())
    assert len({at // (30 * MINUTE) for at, _ in found}) >= 5
    assert all(said == (90 * MINUTE <= at < 150 * MINUTE) for at, said in found)
    assert len({said for _, said in found}) == 2


def test_what_violated_is_harmless_from_the_change_on() -> None:
    found = violating("derogation", told())
    assert all(said == (at < 100 * MINUTE) for at, said in found)
    assert len({said for _, said in found}) == 2


def test_other_functions_are_left_alone() -> None:
    labels = told().kind("truth", "label").to_dicts()
    for row in labels:
        if row["function"] not in ("counterspeech_quote", "derogation"):
            recipe = composed(row["policy"], 1, title="x", function=row["function"])
            assert row["violating"] == recipe.violating


def test_the_change_comes_between_two_milliseconds() -> None:
    book = Rulebook((PolicyChange.model_validate(STRICT), PolicyChange.model_validate(AGAIN)), start=1_000)
    quote = composed("hate", 7, title="x", function="counterspeech_quote")
    moments = [edge * MINUTE + 1_000 + step for edge in (90, 150) for step in (-1, 0)]
    assert [book.violating(quote, at) for at in moments] == [False, True, True, False]


def test_the_truth_tells_each_change_at_its_time() -> None:
    story = told()
    rows = story.kind("truth", "policy_change").to_dicts()
    assert [(row["at"] - story.start, row["change"], row["violating"]) for row in rows] == [
        (90 * MINUTE, "no_quotes", True),
        (100 * MINUTE, "lawful", False),
        (150 * MINUTE, "quotes_again", False),
    ]
    assert rows[0]["subject"] == "policy:hate.counterspeech_quote"


def test_shards_label_alike() -> None:
    def labels(story: Chronicle) -> list[tuple[Any, ...]]:
        rows = story.kind("truth", "label").to_dicts()
        return [(row["subject"], row["at"], row["function"], row["violating"]) for row in rows]

    parts = [told((number, 3)) for number in range(3)]
    assert sorted(row for part in parts for row in labels(part)) == sorted(labels(told()))
    changes = [part for part in parts if "policy_change" in part.kinds("truth")]
    assert [len(part.kind("truth", "policy_change")) for part in changes] == [3]


def test_without_a_calendar_the_texts_are_the_same_and_nothing_else_is_told() -> None:
    plain = Chronicle.of(scenario(), SPAN)
    assert "policy_change" not in plain.kinds("truth")
    texts = [story.kind("content", "comment")["text"].to_list() for story in (plain, told())]
    assert texts[0] == texts[1]


def test_verdicts_follow_the_new_rule_when_they_have_learnt_it() -> None:
    moderation = {
        "kind": "recorded", "recall": 1, "evasion": 0, "false_positives": 0, "delay": "1s", "policy_lag": "30m"
    }  # fmt: skip
    story = Chronicle.of(scenario(STRICT, LENIENT, moderation=moderation), SPAN)
    labels = story.kind("truth", "label").to_dicts()
    removals = story.kind("truth", "takedown").to_dicts()
    taken = {(row["subject"], row["posted_at"], row["posted_as"]): row for row in removals}
    records = [row for name in story.kinds("content") for row in story.kind("content", name).to_dicts()]
    posted = {row["event_id"]: (f"u{row['user_id']:08d}", row["at"], row["kind"]) for row in records}
    found: dict[str, list[int]] = {"counterspeech_quote": [], "derogation": []}
    for label in labels:
        removal = taken.get(posted[label["subject"]])
        if label["function"] in found and removal is not None:
            found[label["function"]].append(label["at"] - story.start)
            assert removal["violating"] == label["violating"]
    assert min(found["counterspeech_quote"]) >= 120 * MINUTE
    assert 100 * MINUTE < max(found["derogation"]) < 130 * MINUTE


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        ([STRICT | {"policy": "haet"}], r"Did you mean 'hate'"),
        ([STRICT | {"function": "counterspeech_quot"}], r"unknown function of hate.*mean 'counterspeech_quote'"),
        ([STRICT | {"violating": False}], "counterspeech_quote does not violate hate by then already"),
        ([STRICT, STRICT | {"name": "late", "at": "2h"}], "counterspeech_quote violates hate by then already"),
        ([STRICT, AGAIN | {"at": "90m"}], "changes twice at that time"),
        ([STRICT, AGAIN | {"name": "no_quotes"}], "name 'no_quotes' is used twice"),
        ([STRICT | {"when": "2h"}], "unknown key 'when'; known: at, function, name, policy, violating"),
    ],
)  # fmt: skip
def test_wrong_calendars_are_told(calendar: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        load("short_video", {"policy_calendar": calendar})
