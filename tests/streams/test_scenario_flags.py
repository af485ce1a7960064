"""Flags of the command line: what they change, and what they refuse."""

from pathlib import Path

import pytest

from sim.scenario_file import source_of
from streams.exits import UsageError
from streams.explanation import explained
from streams.scenario_flags import duration_of, opened, paced, shard_of


def test_flags_replace_values() -> None:
    changes = ["audience.slate=20", "catalog.refresh=2h", "talk=1"][:2]
    found = opened("short_video", seed=5, viewers=77, changes=changes)
    assert (found.seed, found.audience.viewers, found.audience.slate) == (5, 77, 20)
    assert found.catalog.refresh == 7_200_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("audience.slate", ["--set 'audience.slate' must be path=value"]),
        ("audience.slate=none", ["audience.slate = 'none'", "valid integer"]),
        ("audience.slte=4", ["audience.slte: unknown key", "Did you mean 'slate'?"]),
        ("name=[", ["--set 'name=['", "is not YAML"]),
        ("name.x=1", ["there is no 'x' in name"]),
        ("media.0.generator=key_at", ["short_video.yaml:", "media.0.generator", "Did you mean 'key_art'?"]),
        ("media.0.params.titel=x", ["short_video.yaml:", "media.0.params.titel = 'x'"]),
        ("catalog.genres.polka=-1", ["catalog.genres", "must not be negative"]),
    ],
)
def test_wrong_changes_are_told(change: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as told:
        opened("short_video", changes=[change])
    for word in words:
        assert word in str(told.value)


def test_media_rules_are_checked_with_each_language_and_genre(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = source_of("video_service")[1].replace(
        "iberia: {share: 1, utc_offset: 0, languages: {es: 1}}",
        "iberia: {share: 1, utc_offset: 0, languages: {xx: 1}}",
    )
    file.write_text(text)
    with pytest.raises(UsageError) as told:
        opened(str(file))
    line = 1 + text[: text.index("generator: utterance")].count("\n")
    assert f"{file}:{line}: media.2.params.language = 'xx'" in str(told.value)


def test_a_scenario_that_is_not_known_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Did you mean 'music_service'"):
        opened("music_servce")


@pytest.mark.parametrize(("text", "shard"), [("0/1", (0, 1)), ("3/4", (3, 4))])
def test_shards(text: str, shard: tuple[int, int]) -> None:
    assert shard_of(text) == shard


@pytest.mark.parametrize("text", ["4/4", "1", "", "a/b", "-1/4", "1/0", "1/2/3", "0/0"])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(UsageError, match="must be i/n with i from 0 to n-1"):
        shard_of(text)


def test_durations_name_their_flag() -> None:
    assert duration_of("--for", None) is None
    assert duration_of("--for", "2h") == 7_200_000
    with pytest.raises(UsageError, match="--backfill: 'long' is not a duration"):
        duration_of("--backfill", "long")


@pytest.mark.parametrize(("text", "factor"), [("max", None), ("1x", 1.0), ("60x", 60.0), ("0.5", 0.5)])
def test_speeds(text: str, factor: float | None) -> None:
    scenario = opened("video_service", viewers=50)
    assert paced(scenario, text, None)[0] == factor


@pytest.mark.parametrize("text", ["fast", "0x", "-1x", "nan", "infx", "", "xx"])
def test_what_is_no_speed(text: str) -> None:
    with pytest.raises(UsageError, match="must be max, or a factor such as 1x or 60x"):
        paced(opened("video_service", viewers=50), text, None)


def test_a_rate_holds_at_any_speed() -> None:
    scenario = opened("video_service", viewers=20_000)
    for speed in ("1x", "60x"):
        factor, pace = paced(scenario, speed, 30.0)
        assert factor is not None
        assert pace.expected is not None
        assert pace.expected.events_per_second(pace.arrivals) * factor == pytest.approx(30)


@pytest.mark.parametrize(
    ("speed", "rate", "words"),
    [
        ("max", 5.0, "--rate needs a pace to hold"),
        ("1x", 0.0, "--rate 0 must be above 0"),
        ("1x", -2.0, "--rate -2 must be above 0"),
        ("1x", float("nan"), "--rate nan must be above 0"),
        ("1x", float("inf"), "--rate inf must be above 0 events a second, and finite"),
        ("1x", 1e6, "--rate 1e[+]06: 1,000,000 events/s is more than 50 viewers can cause"),
    ],
)
def test_wrong_rates_are_told(speed: str, rate: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        paced(opened("video_service", viewers=50), speed, rate)


def test_an_explanation_adds_up() -> None:
    scenario = opened("short_video", viewers=30_000)
    plain, doubled = explained(scenario, None), explained(scenario, 200.0)
    for story in (plain, doubled):
        rows = story["events_per_s"]
        assert story["total_events_per_s"] == pytest.approx(sum(row["events_per_s"] for row in rows))
        assert story["total_bytes_per_s"] == pytest.approx(sum(row["bytes_per_s"] for row in rows))
        assert len({(row["topic"], row["kind"]) for row in rows}) == len(rows)
        assert {"impression", "play", "comment", "label"} <= {row["kind"] for row in rows}
        assert all(60 < row["bytes_per_s"] / row["events_per_s"] < 700 for row in rows)
    assert doubled["total_events_per_s"] == pytest.approx(200)
    assert explained(opened("short_video", viewers=60_000), None)["sessions_per_day"] == pytest.approx(
        2 * plain["sessions_per_day"], rel=0.02
    )
    with pytest.raises(UsageError, match="--rate -1 must be above 0"):
        explained(scenario, -1.0)
