"""``greenroom run`` without a cluster of one's own: every scenario, sink and flag through the real program."""

import json
import os
import subprocess
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from sim.durations import MINUTE
from sim.scenario_file import load
from tests.streams.publish.program import COMMAND, Greenroom

SMALL = ("--viewers", "900", "--set", "audience.block=128", "--seed", "7", "--for", "30m")


def ran(folder: Path, *arguments: str) -> dict[str, object]:
    with Greenroom(folder, *arguments) as program:
        code, out, told = program.ended()
    assert code == 0, told
    summary: dict[str, object] = json.loads(out.splitlines()[-1])
    return summary


def content(folder: Path) -> dict[str, list[bytes]]:
    """Lines by topic; of what a shard says of itself only what it published: how late it was is its own."""
    lines = {
        path.stem.partition("-")[0]: path.read_bytes().splitlines() for path in sorted(folder.glob("*.jsonl"))
    }
    told = [json.loads(line)["published"] for line in lines.get("audit", [])]
    return lines | {"audit": [json.dumps(published).encode() for published in told]}


@pytest.fixture(scope="module", params=["video_service", "music_service", "short_video"])
def scenario(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def once(scenario: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(scenario)
    ran(folder, scenario, *SMALL, "--speed", "max", "--sink", f"jsonl:{folder}")
    return folder


def test_same_seed_same_bytes_at_any_speed(scenario: str, once: Path, tmp_path: Path) -> None:
    ran(tmp_path, scenario, *SMALL, "--speed", "3600x", "--sink", f"jsonl:{tmp_path}")
    assert content(tmp_path) == content(once)


def test_every_line_is_of_its_time_and_kind(scenario: str, once: Path) -> None:
    start = load(scenario).start_ms
    for topic, lines in content(once).items():
        for record in map(json.loads, lines if topic != "audit" else ()):
            assert record["synthetic"] is True
            assert start <= record["occurred_at"] < start + 30 * MINUTE


def test_four_shards_and_a_backfill_are_the_whole(tmp_path: Path) -> None:
    ran(tmp_path, "short_video", *SMALL, "--speed", "max", "--sink", f"jsonl:{tmp_path}/whole")
    whole = content(tmp_path / "whole")
    flags = (*SMALL[:-1], "5m", "--backfill", "25m", "--speed", "600x")
    ran(tmp_path, "short_video", *flags, "--sink", f"jsonl:{tmp_path}/backfilled")
    assert content(tmp_path / "backfilled") == whole
    for number in range(4):
        shard = ("--shard", f"{number}/4", "--sink", f"jsonl:{tmp_path}/{number}")
        ran(tmp_path, "short_video", *SMALL, "--speed", "max", *shard)
    parts = [content(tmp_path / str(number)) for number in range(4)]
    for topic, lines in whole.items():
        if topic != "audit":
            assert Counter(line for part in parts for line in part.get(topic, [])) == Counter(lines), topic


def test_parquet_and_null_count_as_json_lines_do(tmp_path: Path) -> None:
    flags = ("video_service", *SMALL, "--speed", "max")
    summaries = [
        ran(tmp_path, *flags, "--sink", s.format(tmp_path)) for s in ("null", "jsonl:{}/j", "parquet:{}/p")
    ]
    assert len({json.dumps(summary["by_topic"], sort_keys=True) for summary in summaries}) == 1
    rows = sum(len(pl.read_parquet(path)) for path in (tmp_path / "p").rglob("*.parquet"))
    assert rows == summaries[0]["published"] == sum(map(len, content(tmp_path / "j").values())) - 1


def test_a_rate_that_is_asked_for_is_held(tmp_path: Path) -> None:
    flat = [
        f"audience.arrivals.{name}=[{', '.join(['1'] * count)}]"
        for name, count in (("daily", 24), ("weekly", 7))
    ]
    flags = ("--viewers", "60000", "--rate", "4000", "--speed", "120x", "--for", "6m", "--seed", "3")
    evenly = [word for change in flat for word in ("--set", change)]
    summary = ran(tmp_path, "short_video", *flags, *evenly, "--sink", f"jsonl:{tmp_path}")
    # Six simulated minutes at 120x are three seconds; the catalogue is listed beside what viewers do.
    journeys = int(str(summary["by_topic"]["journeys"]))  # type: ignore[index]
    assert summary["intended_rate"] == 4000
    assert journeys == pytest.approx(3 * 4000, rel=0.1)


def test_the_embedded_broker_is_the_default_and_leaves_nothing_behind(tmp_path: Path) -> None:
    summary = ran(tmp_path, "music_service", *SMALL, "--speed", "max")
    assert summary["published"] == summary["acknowledged"]
    assert int(str(summary["published"])) > 1_000


def test_a_reader_that_has_enough_ends_it_quietly() -> None:
    command = [*COMMAND, "short_video", "--viewers", "900", "--speed", "max", "--sink", "stdout"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert json.loads(program.stdout.readline())["synthetic"] is True
        program.stdout.close()
        assert program.wait(30) == 0
        assert program.stderr.read() == b""


def test_ctrl_c_ends_a_paced_run_at_once(tmp_path: Path) -> None:
    with Greenroom(tmp_path, "short_video", "--viewers", "900", "--sink", f"jsonl:{tmp_path}") as program:
        end = time.monotonic() + 30
        while not program.announced.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        os.kill(program.process.pid, 2)
        code, out, told = program.ended()
    assert code == 0, told
    (audit,) = content(tmp_path)["audit"]
    assert sum(part["count"] for part in json.loads(audit)) == json.loads(out)["published"]
