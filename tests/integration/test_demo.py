"""The demonstration: every role at once, as a user starts it."""

import json
import subprocess
import sys
from pathlib import Path

from sim.scenario_file import load
from streams.demo.plan import plan_for
from streams.demo.screen import shortcomings

RESULT_KEYS = {
    "published", "acknowledged", "audited", "lost", "duplicated", "enriched", "assets", "dead_letters", "drift",
    "first_asset_s", "elapsed_s", "events_per_s", "broker",
}  # fmt: skip


def test_a_demonstration_proves_what_it_promises(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "streams",
        "demo",
        "short_video",
        "--seconds",
        "12",
        "--viewers",
        "15000",
    ]
    done = subprocess.run(
        [*command, "--store", str(tmp_path), "--json"], capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result.keys() >= RESULT_KEYS
    assert result["published"] == result["acknowledged"] == result["audited"] > 100_000
    assert result["lost"] == result["duplicated"] == result["dead_letters"] == 0
    assert [shift["shift"] for shift in result["drift"]] == ["longer_attention"]
    assert result["drift"][0]["detected_after_s"] > 0
    kept = [json.loads(file.read_text()) for file in tmp_path.glob("**/manifest.json")]
    assert len(kept) == sum(result["assets"].values()) > 0
    assert {asset["medium"] for asset in kept} == set(result["assets"])


def test_a_plan_reaches_past_every_shift_and_fits_the_embedded_broker() -> None:
    for name in ("video_service", "music_service", "short_video"):
        scenario = load(name)
        plan = plan_for(scenario, seconds=30)
        assert plan.span_ms >= max(shift.at for shift in scenario.shifts) + 4 * scenario.drift.window
        assert 0 < plan.viewers <= scenario.audience.viewers
        assert plan.speed == plan.span_ms / 1000 / 30


def test_what_is_missing_is_named() -> None:
    sound = {
        "published": 9, "acknowledged": 9, "audited": 9, "lost": 0, "duplicated": 0, "reordered": 0,
        "proven": True, "planted": {}, "beyond": {}, "interrupted": False, "dead_letters": 0, "media_rules": 1,
        "assets": {"visual": 1}, "drift": [{"shift": "evening", "features": ["rank"], "detected_after_s": 60}],
    }  # fmt: skip
    assert shortcomings(sound) == []
    assert shortcomings(sound | {"audited": 8, "lost": 1}) == [
        "published, acknowledged and audited differ",
        "lost: 1",
    ]
    # What was planted is no shortcoming, as long as there is nothing beyond it.
    late = {"late": {"planted": 3, "found": 3}}
    messy = sound | {"planted": late, "audited": 8, "lost": 1, "beyond": {"lost": 0}}
    assert shortcomings(messy) == []
    assert shortcomings(messy | {"dead_letters": 2}) == ["dead letters: 2"]
    assert shortcomings(messy | {"dead_letters": 2, "planted": late | {"malformed": {}}}) == []
    assert shortcomings(messy | {"proven": False, "beyond": {"lost": 1}})[1:] == ["lost: 1"]
    missed = {"drift": [{"shift": "evening", "features": ["rank"], "detected_after_s": None}]}
    assert shortcomings(sound | missed) == ["shift evening was not detected"]
    assert shortcomings(sound | missed | {"interrupted": True}) == []
    # Nobody can be blamed for not finding what no feature is said to show.
    hidden = {"drift": [{"shift": "evening", "features": [], "detected_after_s": None}]}
    assert shortcomings(sound | hidden) == []
    assert shortcomings(sound | {"assets": {}}) == ["no asset was made"]
    # A scenario without rules for media has nothing to enrich.
    assert shortcomings(sound | {"assets": {}, "media_rules": 0}) == []
