"""What is taken down is announced, and campaigns react to it as they were told to."""

from typing import Any

import pytest

from sim.durations import HOUR, MINUTE
from sim.names import UnknownNameError
from sim.scenario import Scenario
from sim.testing import tiny_scenario
from tests.sim.chronicle import Chronicle

CERTAIN = {"kind": "recorded", "recall": 1, "evasion": 0, "delay": "2m", "delay_spread": 0}


def scenario(moderation: dict[str, Any] | None, **changes: Any) -> Scenario:
    people = tiny_scenario().audience.model_dump() | {"talk": {"comment": 0, "post": 0, "upload": 0}}
    campaign = {"kind": "ban_evasion", "name": "again", "accounts": 5, "every": "20m", **changes}
    return tiny_scenario(audience=people, campaigns=[campaign], moderation=moderation, shifts=[], media=[])


def story(moderation: dict[str, Any] | None, **changes: Any) -> Chronicle:
    return Chronicle.of(scenario(moderation, **changes), 3 * HOUR)


def accounts(told: Chronicle) -> list[int]:
    return [row["user_id"] for row in told.kind("content", "comment").to_dicts()]


def test_every_text_of_a_certain_moderator_is_taken_down_after_its_delay() -> None:
    told = story(CERTAIN)
    posts = {(f"u{row['user_id']:08d}", row["at"]) for row in told.kind("content", "comment").to_dicts()}
    taken = told.kind("truth", "takedown").to_dicts()
    assert {(row["subject"], row["posted_at"]) for row in taken} <= posts
    assert all(row["at"] == row["posted_at"] + 2 * MINUTE for row in taken)
    end = told.start + 3 * HOUR
    assert len(taken) == sum(at + 2 * MINUTE < end for _, at in posts)
    assert {row["campaign"] for row in taken} == {"again"}


def test_whoever_is_suspended_comes_back_under_another_name_until_none_is_left() -> None:
    told = accounts(story(CERTAIN))
    assert len(told) == len(set(told)) == 10


def test_whoever_retreats_is_silent_from_then_on() -> None:
    assert len(accounts(story(CERTAIN, on_takedown="retreat"))) == 5


def test_whoever_persists_goes_on() -> None:
    told = accounts(story(CERTAIN, on_takedown="persist"))
    assert len(set(told)) == 5
    assert len(told) > 30


def test_an_account_with_strikes_left_is_not_suspended() -> None:
    told = accounts(story(CERTAIN, strikes=3))
    assert {told.count(account) for account in told} == {3}


def test_without_a_moderator_nobody_is_suspended() -> None:
    told = story(None)
    assert not told.kinds("truth") or "takedown" not in told.kinds("truth")
    assert len(set(accounts(told))) == 5


def test_a_successor_is_told_by_its_wording() -> None:
    labels = story(CERTAIN).kind("truth", "label").to_dicts()
    assert len({(label["function"], label["policy"]) for label in labels}) <= 5


def test_recall_is_what_was_recorded() -> None:
    told = story(
        {"kind": "recorded", "recall": 0.5, "evasion": 0, "delay": "1s"}, on_takedown="persist", accounts=60
    )
    posts, taken = len(accounts(told)), len(told.kind("truth", "takedown"))
    assert posts > 400
    assert abs(taken / posts - 0.5) < 4 * (0.25 / posts) ** 0.5


def test_disguise_evades_its_part() -> None:
    disguise = [{"kind": "homoglyph", "strength": 1.0}]
    told = story(
        {"kind": "recorded", "recall": 1, "evasion": 0.75, "delay": "1s"},
        on_takedown="persist",
        accounts=60,
        operators=disguise,
    )
    posts, taken = len(accounts(told)), len(told.kind("truth", "takedown"))
    assert abs(taken / posts - 0.25) < 4 * (0.1875 / posts) ** 0.5


def test_a_recall_of_no_policy_is_refused_with_the_near_miss() -> None:
    with pytest.raises((UnknownNameError, ValueError), match="'scam'"):
        scenario({"kind": "recorded", "by_policy": {"scamm": 0.5}})
