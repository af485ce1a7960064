"""What is taken down is announced, and campaigns react to it as they were told to."""

from typing import Any

import pytest

from sim.adversaries.author import Draft
from sim.adversaries.composer import composed
from sim.adversaries.moderator import Moderator
from sim.adversaries.verdicts.recorded import Recorded
from sim.durations import HOUR, MINUTE
from sim.names import UnknownNameError
from sim.scenario import Scenario
from sim.stage import Stage
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


def crowd(moderation: dict[str, Any] | None, shard: tuple[int, int] = (0, 1)) -> Chronicle:
    """Viewers alone, a part of whom violates something."""
    wild = {"policies": [{"kind": "scam", "prevalence": 0.2, "hard_negatives": 1}]}
    talk = {"comment": 1, "post": 1, "upload": 1, "moderation": wild}
    people = tiny_scenario().audience.model_dump() | {"viewers": 600, "talk": talk}
    quiet: dict[str, Any] = {"campaigns": [], "shifts": [], "media": []}
    return Chronicle.of(tiny_scenario(audience=people, moderation=moderation, **quiet), 3 * HOUR, shard=shard)


FALLIBLE = CERTAIN | {"recall": 0.8, "false_positives": 0.02, "confusion": 5, "delay": "1s"}


def test_what_viewers_write_on_their_own_is_moderated_too_and_innocents_are_hit() -> None:
    told = crowd(FALLIBLE)
    labels = {row["subject"]: row for row in told.kind("truth", "label").to_dicts()}
    posted = {
        (f"u{row['user_id']:08d}", row["at"], row["kind"]): labels[row["event_id"]]
        for name in told.kinds("content")
        for row in told.kind("content", name).to_dicts()
    }
    taken = told.kind("truth", "takedown").to_dicts()
    for row in taken:
        label = posted[row["subject"], row["posted_at"], row["posted_as"]]
        assert (row["policy"], row["violating"]) == (label["policy"], label["violating"])
        assert row["campaign"] == ""
    for kind, policy, rate in ((True, "scam", 0.8), (False, "scam", 0.1), (False, "none", 0.02)):
        texts = sum(one["violating"] is kind and one["policy"] == policy for one in labels.values())
        hits = sum(one["violating"] is kind and one["policy"] == policy for one in taken)
        assert texts > 100
        assert abs(hits / texts - rate) < 4 * (rate * (1 - rate) / texts) ** 0.5


def test_shards_take_down_what_the_whole_does() -> None:
    def taken(told: Chronicle) -> list[tuple[Any, ...]]:
        return told.kind("truth", "takedown").rows()

    parts = [row for number in range(3) for row in taken(crowd(FALLIBLE, (number, 3)))]
    assert sorted(map(str, parts)) == sorted(map(str, taken(crowd(FALLIBLE))))


def test_moderation_changes_nothing_that_viewers_write() -> None:
    moderated, free = (
        crowd(given).kind("content", "comment")["text"].to_list() for given in (FALLIBLE, None)
    )
    assert moderated == free


def test_nothing_is_told_of_somebody_who_has_been_forgotten() -> None:
    stage = Stage(7, span=HOUR, sources=2, shard=(0, 1))
    stage.departures = {3: MINUTE + 1, 4: 10 * MINUTE}
    moderator = Moderator(Recorded(**CERTAIN), 7, 64, stage)  # type: ignore[arg-type]
    recipe = composed("scam", 7, title="Low Tide")
    found = moderator.review([Draft(0, viewer, 1, "comment", recipe) for viewer in (3, 4, 5)])
    assert found == [2 * MINUTE] * 3
    (batch,) = stage.close().on("truth")
    assert batch.columns["subject"].tolist() == ["u00000004", "u00000005"]
